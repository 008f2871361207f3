import type { ScrapeLabels } from './alerting';
import type { Folder } from './reference-manifests';

export interface DashboardPanel {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly targets?: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly object[] };
    };
  };
  readonly gridPos?: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
}

export interface DashboardJson {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly DashboardPanel[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
}

/** What Grafana's sidecar would find in the folder. */
export function dashboardsIn({ manifests }: Folder): DashboardJson[] {
  return manifests
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.['grafana_dashboard'] === '1')
    .flatMap((manifest) => Object.values((manifest as unknown as { data: Record<string, string> }).data))
    .map((text) => JSON.parse(text) as DashboardJson);
}

/** All panels that ask something. */
export function panelsOf(dashboard: DashboardJson): DashboardPanel[] {
  return dashboard.panels.filter(({ type }) => type !== 'row');
}

/** The query as Grafana sends it, with "All" as the region. */
export function asSent(expression: string, { namespace }: ScrapeLabels, window: string): string {
  return expression
    .replaceAll('$namespace', namespace)
    .replaceAll('$region', '.*')
    .replaceAll('$__rate_interval', window);
}
