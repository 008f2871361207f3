import type { Firing } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import type { Labels } from './sample-series';

/** An alert as Alertmanager gets it. */
export function expected(
  { namespace, region }: ScrapeLabels,
  alert: string,
  severity: string,
  words: { readonly summary: string; readonly description: string },
  labels: Labels = {},
): Firing {
  return {
    labels: { severity, namespace, region, ...labels },
    annotations: { ...words, runbook_url: `docs/runbooks/${alert}.md` },
  };
}
