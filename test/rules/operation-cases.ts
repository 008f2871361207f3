import type { AlertCase, Firing } from '../support/alert-case';
import type { ScrapeLabels } from '../support/alerting';
import { conditionCases, steadyCase } from './condition-cases';
import { expected } from './expected';
import { forEachPlace, type Labels, series } from './sample-series';

export function operationCases(scrape: ScrapeLabels): AlertCase[] {
  const { namespace, job } = scrape;
  const of = (name: string, labels: Labels = {}) => series(name, { ...scrape, pod: 'gateway-1', ...labels });
  const others = (name: string, value: number) =>
    forEachPlace((labels) => ({ [of(name, { pod: 'x', ...labels })]: value }));
  const byPods = (alert: string, name: string, forMinutes: number, firing: readonly Firing[]): AlertCase[] =>
    conditionCases({
      alert,
      forMinutes,
      kind: 'gauge',
      well: { [of(name)]: 1, [of(name, { pod: 'gateway-2' })]: 1 },
      ill: { [of(name)]: 0, [of(name, { pod: 'gateway-2' })]: 1 },
      firing,
      foreign: others(name, 0),
    });
  const unavailable = 'kube_deployment_status_replicas_unavailable';
  const ofDeployment = (labels: Labels = {}) =>
    series(unavailable, { namespace, deployment: job, job: 'kube-state-metrics', ...labels });
  const unavailableFiring = [
    expected(scrape, 'GatewayReplicasUnavailable', 'warning', {
      summary: 'Pods of the gateway do not become ready.',
      description: `1 pods of ${namespace}/${job} are wanted and do not serve.`,
    }),
  ];
  const dropped = 'gateway_audit_dropped_total';
  return [
    ...absentCases(scrape),
    ...byPods('GatewayTargetDown', 'up', 10, [
      expected(scrape, 'GatewayTargetDown', 'warning', {
        summary: 'Some pods of the gateway cannot be scraped.',
        description: `1 pods of ${namespace}/${job} do not answer Prometheus.`,
      }),
    ]),
    ...conditionCases({
      alert: 'GatewayReplicasUnavailable',
      forMinutes: 15,
      kind: 'gauge',
      well: { [ofDeployment()]: 0 },
      ill: { [ofDeployment()]: 1 },
      firing: unavailableFiring,
      foreign: {
        'another namespace': { [ofDeployment({ namespace: 'another' })]: 3 },
        'another workload': { [ofDeployment({ deployment: 'another' })]: 3 },
      },
    }),
    steadyCase(
      'GatewayReplicasUnavailable',
      'believes the worse of two reports',
      'gauge',
      { [ofDeployment()]: 1, [ofDeployment({ instance: 'b' })]: 0 },
      unavailableFiring,
    ),
    ...byPods('ConfigReloadFailed', 'gateway_config_last_reload_successful', 5, [
      expected(scrape, 'ConfigReloadFailed', 'warning', {
        summary: 'The gateway refuses its new configuration.',
        description: `1 pods of ${namespace}/${job} serve an older configuration, since they refused the newest.`,
      }),
    ]),
    ...conditionCases({
      alert: 'AuditRecordsDropped',
      forMinutes: 0,
      kind: 'counter',
      well: { [of(dropped)]: 0 },
      ill: { [of(dropped)]: 0.05 },
      firing: [],
      foreign: others(dropped, 100),
    }).filter(({ name }) => !name.startsWith('fires')),
    ...droppedCases(scrape, of(dropped), of(dropped, { pod: 'gateway-2' })),
    ...byPods('AuditSinkFailing', 'gateway_audit_working', 5, [
      expected(scrape, 'AuditSinkFailing', 'warning', {
        summary: 'The gateway cannot write its audit log.',
        description: `1 pods of ${namespace}/${job} keep audit records in memory, since the sink takes none.`,
      }),
    ]),
    {
      alert: 'GatewayWatchdog',
      name: 'always fires',
      series: {},
      atMinute: 0,
      firing: [
        expected(scrape, 'GatewayWatchdog', 'none', {
          summary: 'Alerts are evaluated and delivered.',
          description: `This alert of ${namespace}/${job} always fires. Who receives it must speak up when it stops.`,
        }),
      ],
    },
  ];
}

function droppedCases(scrape: ScrapeLabels, counter: string, ofAnotherPod: string): AlertCase[] {
  const firing = (records: string) => [
    expected(scrape, 'AuditRecordsDropped', 'critical', {
      summary: 'The gateway loses audit records.',
      description: `About ${records} audit records of ${scrape.namespace}/${scrape.job} were lost over the last 15 minutes.`,
    }),
  ];
  const series = { [counter]: '0x20 3x60' };
  return [
    { name: 'fires at once', series, atMinute: 21, firing: firing('3') },
    { name: 'still fires 14 minutes later', series, atMinute: 35, firing: firing('3') },
    { name: 'ends after 15 minutes', series, atMinute: 36, firing: [] },
    {
      name: 'fires while another pod loses none',
      series: { ...series, [ofAnotherPod]: '0x80' },
      atMinute: 30,
      firing: firing('3'),
    },
    {
      name: 'fires at a single record',
      series: { [counter]: '0x20 1x60' },
      atMinute: 30,
      firing: firing('1'),
    },
  ].map((entry) => ({ ...entry, alert: 'AuditRecordsDropped' }));
}

function absentCases(scrape: ScrapeLabels): AlertCase[] {
  const up = (labels: Labels = {}) => series('up', { ...scrape, pod: 'gateway-1', ...labels });
  const firing = [
    expected(scrape, 'GatewayAbsent', 'critical', {
      summary: 'No pod of the gateway can be scraped.',
      description: `Prometheus reaches no pod of ${scrape.namespace}/${scrape.job}: it is down, or nobody would know if it were.`,
    }),
  ];
  const down = { [up()]: '1x10 0x40', [up({ pod: 'gateway-2' })]: '1x10 0x40' };
  const others = forEachPlace((labels) => ({ [up(labels)]: '1x60' }));
  return [
    { name: 'fires where nothing was ever scraped', series: {}, atMinute: 5, firing },
    { name: 'is silent until a minute has passed', series: down, atMinute: 11, firing: [] },
    { name: 'fires after a minute', series: down, atMinute: 12, firing },
    {
      name: 'is silent while one pod is left',
      series: { ...down, [up({ pod: 'c' })]: '1x60' },
      atMinute: 30,
      firing: [],
    },
    ...Object.entries(others).map(([what, pods]) => ({
      name: `is not misled by ${what}`,
      series: { ...down, ...pods },
      atMinute: 30,
      firing,
    })),
  ].map((entry) => ({ ...entry, alert: 'GatewayAbsent' }));
}
