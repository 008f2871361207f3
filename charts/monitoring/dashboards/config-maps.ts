import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { InvalidInput } from '../../../gateway-app/contract/validate';
import type { Monitoring } from '../../config/schema/monitoring';
import { knownMetrics } from '../../kit/known-metrics';
import { panelWindow } from '../../kit/promql';
import { faultsOf } from '../../kit/promql-check';
import type { WorkloadRef } from '../../kit/workload-ref';
import { badShares, sloRecords } from '../slo-records';
import { dashboardsOf } from './dashboards';
import type * as Grafana from './grafana';
import type { Dashboard } from './panel';

/** What Grafana's sidecar looks for. */
const sidecarLabel = { grafana_dashboard: '1' };

type Settings = Pick<Monitoring, 'slos' | 'retention'>;

/**
 * One for each dashboard.
 *
 * @throws InvalidInput where a query is no PromQL, or asks for what does not exist.
 */
export function addDashboards(
  scope: Construct,
  workload: WorkloadRef,
  settings: Settings,
  metadataOf: (suffix: string) => {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
  },
): void {
  const dashboards = dashboardsOf(workload, settings);
  for (const dashboard of dashboards) {
    const metadata = metadataOf(`dashboard-${dashboard.suffix}`);
    new k8s.KubeConfigMap(scope, dashboard.suffix, {
      metadata: { ...metadata, labels: { ...metadata.labels, ...sidecarLabel } },
      data: { [`${metadata.name}.json`]: rendered(workload, dashboard, settings) },
    });
  }
}

/** The same for every region, and not cheap. */
const cache = new Map<string, string>();

function rendered(workload: WorkloadRef, dashboard: Dashboard, settings: Settings): string {
  const key = JSON.stringify([workload.name, dashboard, settings.retention.toSeconds()]);
  let json = cache.get(key);
  if (json === undefined) {
    assertReadable(dashboard, settings);
    // Loaded here, since loading it takes longer than all the rest of a synth that wants no dashboards.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { grafanaJson } = require('./grafana') as typeof Grafana;
    json = grafanaJson(workload.name, dashboard);
    cache.set(key, json);
  }
  return json;
}

/** Of a query that asks for what does not exist, a panel says "No data": the same as in a quiet night. */
function assertReadable({ title, rows }: Dashboard, { retention }: Settings): void {
  const bounds = {
    // What has no region has none to choose: whatever the variable finds is found.
    known: knownMetrics([...Object.values(sloRecords), ...badShares], ['region']),
    retentionSeconds: retention.toSeconds(),
  };
  const problems = rows
    .flatMap(({ panels }) => panels)
    .flatMap((panel) =>
      panel.queries.flatMap(({ expression }) =>
        // The time of a panel is Grafana's: any will do to read the rest.
        faultsOf(expression.replaceAll(panelWindow, '5m'), bounds).map((fault) => ({
          path: `${title}: ${panel.title}`,
          value: JSON.stringify(expression),
          ...fault,
        })),
      ),
    );
  if (problems.length > 0) throw new InvalidInput('The dashboards', problems, 'No manifest is written.');
}
