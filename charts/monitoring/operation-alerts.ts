import { Duration } from 'cdk8s';
import { metrics } from '../../gateway-app/contract/metrics';
import { externalMetrics } from '../kit/external-metrics';
import {
  above,
  absent,
  constant,
  count,
  equal,
  latest,
  maximum,
  objectSeriesOf,
  seriesOf,
  sumOfIncreases,
} from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import { type Alert, symptomOfAbsence } from './rule';

/** Whether the gateway runs as it was told to, and whether anybody would hear if it did not. */
export function operationAlerts(workload: WorkloadRef): Alert[] {
  const { namespace, name } = workload;
  const up = latest(seriesOf(workload, externalMetrics.up));
  return [
    {
      name: 'GatewayAbsent',
      severity: 'critical',
      expression: absent(equal(up, 1)),
      for: Duration.minutes(1),
      summary: 'No pod of the gateway can be scraped.',
      description: `Prometheus reaches no pod of ${namespace}/${name}: it is down, or nobody would know if it were.`,
    },
    {
      name: 'GatewayTargetDown',
      severity: 'warning',
      expression: above(count(equal(up, 0)), 0),
      for: Duration.minutes(10),
      symptomOf: symptomOfAbsence,
      summary: 'Some pods of the gateway cannot be scraped.',
      description: `{{ $value }} pods of ${namespace}/${name} do not answer Prometheus.`,
    },
    {
      name: 'GatewayReplicasUnavailable',
      severity: 'warning',
      expression: above(
        maximum(latest(objectSeriesOf(workload, externalMetrics.unavailableReplicas, { deployment: name }))),
        0,
      ),
      for: Duration.minutes(15),
      summary: 'Pods of the gateway do not become ready.',
      description: `{{ $value }} pods of ${namespace}/${name} are wanted and do not serve.`,
    },
    {
      name: 'ConfigReloadFailed',
      severity: 'warning',
      expression: above(count(equal(latest(seriesOf(workload, metrics.configLastReloadSuccessful)), 0)), 0),
      for: Duration.minutes(5),
      summary: 'The gateway refuses its new configuration.',
      description: `{{ $value }} pods of ${namespace}/${name} serve an older configuration, since they refused the newest.`,
    },
    {
      name: 'AuditRecordsDropped',
      severity: 'critical',
      // Records that are lost stay lost: there is nothing to wait for.
      expression: above(sumOfIncreases(seriesOf(workload, metrics.auditDropped), Duration.minutes(15)), 0),
      summary: 'The gateway loses audit records.',
      description: `About {{ $value | humanize }} audit records of ${namespace}/${name} were lost over the last 15 minutes.`,
    },
    {
      name: 'AuditSinkFailing',
      severity: 'warning',
      expression: above(count(equal(latest(seriesOf(workload, metrics.auditWorking)), 0)), 0),
      for: Duration.minutes(5),
      summary: 'The gateway cannot write its audit log.',
      description: `{{ $value }} pods of ${namespace}/${name} keep audit records in memory, since the sink takes none.`,
    },
    {
      // By its plain name it could not be told from that of kube-prometheus.
      name: 'GatewayWatchdog',
      severity: 'none',
      expression: constant(1),
      summary: 'Alerts are evaluated and delivered.',
      description: `This alert of ${namespace}/${name} always fires. Who receives it must speak up when it stops.`,
    },
  ];
}
