import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import production from '../../charts/config/environments/production';
import { synthesize } from '../../charts/synthesize';
import { metrics } from '../../gateway-app/contract/metrics';
import { faultsOf } from '../../charts/kit/promql-check';
import { knownMetrics } from '../../charts/kit/known-metrics';
import { sloRecords } from '../../charts/monitoring/slo-records';
import { at, only } from './gateway-chart';

const folder = join(__dirname, '..', '..', 'docs', 'runbooks');

interface Rule {
  readonly alert?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: {
    readonly runbook_url: string;
    readonly summary: string;
    readonly description: string;
  };
}

const groups = at(only(synthesize(production).folders[0]!.manifests, 'PrometheusRule'), 'spec', 'groups') as {
  rules: Rule[];
}[];
const rules = groups.flatMap((group) => group.rules).filter(({ alert }) => alert !== undefined);
const names = [...new Set(rules.map(({ alert }) => alert!))];
const pageOf = (name: string): string => readFileSync(join(folder, `${name}.md`), 'utf8');

it('there is a page for each alert, and an alert for each page', () => {
  expect(readdirSync(folder).sort()).toEqual(names.map((name) => `${name}.md`).sort());
});

it.each(rules)('$alert ($labels) leads to its page and says what is wrong', ({ alert, annotations }) => {
  expect(annotations.runbook_url).toBe(`docs/runbooks/${alert!}.md`);
  expect(annotations.summary).toMatch(/\.$/);
  expect(annotations.description).toMatch(/\.$/);
});

describe.each(names)('The page of %s', (name) => {
  it('begins with its name and every severity', () => {
    const severities = new Set(
      rules.filter(({ alert }) => alert === name).map(({ labels }) => labels.severity),
    );
    expect(pageOf(name)).toMatch(new RegExp(`^# ${name} \\(${[...severities].join(', ')}\\)\n`));
  });

  it('says what users feel, how to confirm it, what to do and how to undo it, in this order', () => {
    const parts = ['**What users feel.**', '**Confirm', '**What to do.**', '**How to undo.**'];
    const places = parts.map((part) => pageOf(name).indexOf(part));
    expect(places).not.toContain(-1);
    expect([...places].sort((a, b) => a - b)).toEqual(places);
  });

  it('asks Prometheus for what exists', () => {
    // Of alerts, Prometheus makes a series by itself.
    const known = new Map([
      ...knownMetrics(Object.values(sloRecords)),
      ['ALERTS', new Set(['alertname'])] as const,
    ]);
    const queries = [...pageOf(name).matchAll(/```promql\n([\s\S]*?)```/g)].flatMap(([, text = '']) =>
      text.trim().split('\n'),
    );
    expect(queries).not.toHaveLength(0);
    for (const query of queries) {
      expect({ query, faults: faultsOf(query, { known, retentionSeconds: 31 * 86_400 }) }).toEqual({
        query,
        faults: [],
      });
    }
  });
});

it('would see a query for a metric that was renamed', () => {
  expect(Object.values(metrics).map(({ name }) => name)).not.toContain('gateway_errors_total');
  expect(faultsOf('gateway_errors_total', { known: knownMetrics(), retentionSeconds: 86_400 })).toHaveLength(
    1,
  );
});
