import { Duration } from 'cdk8s';
import { metrics } from '../../gateway-app/contract/metrics';
import type { Monitoring } from '../config/schema/monitoring';
import { above, age, maximum, seriesOf } from '../kit/promql';
import type { WorkloadRef } from '../kit/workload-ref';
import type { Alert } from './rule';

/** Whether the secrets are replaced as often as they should be. */
export function secretAlerts(workload: WorkloadRef, { secretTooOld }: Monitoring['alerts']): Alert[] {
  return [
    {
      name: 'SecretTooOld',
      severity: 'warning',
      // The oldest that any pod has: one that missed a rotation still sends the old key.
      expression: above(
        maximum(age(seriesOf(workload, metrics.secretIssued)), ['file']),
        secretTooOld.age.toSeconds(),
      ),
      // Longer than a new value takes to reach every pod.
      for: Duration.minutes(15),
      summary: 'A secret is due to be replaced.',
      description: `The value of the secret file {{ $labels.file }} of ${workload.namespace}/${workload.name} is in use for {{ $value | humanizeDuration }}.`,
    },
  ];
}
