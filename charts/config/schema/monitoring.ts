import { z } from 'zod';
import { metrics } from '../../../gateway-app/contract/metrics';
import { report, rule } from '../../../gateway-app/contract/validate';
import { Dashboards } from '../dashboards';
import { defaults } from '../defaults';
import { Scrape } from '../scrape';
import { standardSlos } from '../slo';
import { alerting } from './alerting';
import { labels } from './labels';
import { rightFields, whenever } from './right-fields';
import { pattern } from './scalars';
import { longestAlertWindow, slo } from './slo';
import { duration, wholeSeconds } from './unit-types';

/** A histogram's quantile never exceeds its largest bucket: an alert above it could not fire. */
function belowLargestBucket({
  name,
  buckets,
}: {
  readonly name: string;
  readonly buckets?: readonly number[];
}) {
  const largestSeconds = Math.max(...(buckets ?? []));
  return duration({
    holds: (value) => value.toMilliseconds() < largestSeconds * 1000,
    rule: `must be below ${largestSeconds} s, the largest bucket of ${name}, since the alert could never fire`,
    fix: 'choose a lower threshold',
  });
}

const alerts = z.strictObject({
  highErrorRate: z
    .strictObject({
      ratio: z.number().gt(0).lt(1).default(defaults.errorRatio),
      for: wholeSeconds().default(defaults.errorRatioFor),
    })
    .prefault({}),
  highLatency: z
    .strictObject({
      overheadP99: belowLargestBucket(metrics.overheadDuration).default(defaults.overheadP99),
      for: wholeSeconds().default(defaults.overheadP99For),
    })
    .prefault({}),
  upstreamSlow: z
    .strictObject({
      firstTokenP95: belowLargestBucket(metrics.upstreamTimeToFirstToken).default(defaults.firstTokenP95),
      for: wholeSeconds().default(defaults.firstTokenP95For),
    })
    .prefault({}),
  secretTooOld: z.strictObject({ age: wholeSeconds().default(defaults.secretAge) }).prefault({}),
});

const sentence = z
  .string()
  .refine(
    (text) => text.trim() !== '',
    rule('must say something: an alert without words helps nobody', 'write a sentence'),
  );

const customAlert = z.strictObject({
  alert: pattern(
    /^[A-Z][A-Za-z0-9]*$/,
    'must be a name in capitals and small letters',
    'write it like TooManyModels',
  ),
  expr: sentence,
  for: wholeSeconds().optional(),
  severity: z.enum(['critical', 'warning']),
  summary: sentence,
  description: sentence,
  runbookUrl: sentence,
});

const wholeDays = {
  holds: (value: { toSeconds: () => number }) => value.toSeconds() % 86_400 === 0,
  rule: 'must be whole days',
  fix: 'round it',
};

const scrape = z.strictObject(
  { kind: z.enum(['service-monitor', 'pod-monitor', 'plain']) },
  { error: 'must be a way made by Scrape' },
);

export const monitoring = z
  .strictObject({
    scrape: scrape.default(Scrape.serviceMonitor()),
    labels: labels.default({}),
    scrapeInterval: wholeSeconds().default(defaults.scrapeInterval),
    runbookBaseUrl: pattern(/^\S*[^\s/]$/, 'must not end with a slash or hold a space', 'remove it').default(
      defaults.runbookBaseUrl,
    ),
    slos: z.array(slo).readonly().default(standardSlos),
    sloPeriod: wholeSeconds(wholeDays).default(defaults.sloPeriod),
    retention: wholeSeconds({
      holds: (value) => value.toSeconds() >= longestAlertWindow.toSeconds(),
      rule: `must be ${longestAlertWindow.toDays()} days or more, which the slowest burn-rate alert looks back`,
      fix: 'let Prometheus keep samples for longer',
    }).default(defaults.retention),
    alerts: alerts.prefault({}),
    alerting: alerting.optional(),
    dashboards: z
      .strictObject({ kind: z.enum(['grafana', 'none']) }, { error: 'must be a choice made by Dashboards' })
      .default(Dashboards.grafana()),
    customAlerts: z.array(customAlert).readonly().default([]),
  })
  .superRefine(({ slos, sloPeriod, retention, scrape, alerting }, ctx) => {
    const { shaped, right } = rightFields(ctx);
    if (!shaped('')) return;
    if (right('sloPeriod') && right('retention') && sloPeriod.toSeconds() > retention.toSeconds()) {
      report(ctx, {
        path: ['sloPeriod'],
        rule: `is ${sloPeriod.toHumanString()}, and must not be above retention (${retention.toHumanString()}), since Prometheus would count the budget over what it has`,
        fix: 'shorten it, or keep samples for longer and raise retention',
      });
    }
    if (right('scrape') && scrape.kind === 'plain' && shaped('alerting') && alerting !== undefined) {
      report(ctx, {
        path: ['alerting'],
        rule: 'must not be given with Scrape.plain(): it is written for the operator, and nobody would read it',
        fix: 'remove it and configure Alertmanager by its own file, or choose another Scrape',
      });
    }
    if (!shaped('slos')) return;
    slos.forEach((entry, index) => {
      if (!right(`slos.${index}`) || slos.findIndex(({ name }) => name === entry.name) === index) return;
      report(ctx, {
        path: ['slos', index, 'name'],
        rule: 'is that of an earlier objective too: their series could not be told apart',
        fix: 'keep one of the two',
      });
    });
  }, whenever);

export type Monitoring = z.output<typeof monitoring>;
