import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import { metadataOf } from '../kit/identity';
import type { WorkloadRef } from '../kit/workload-ref';

/**
 * One pod at a time. A minimum of available pods would forbid every eviction where just that many run, and a node could
 * never be drained; nor may a pod that is broken anyway hold up its node.
 */
export class DisruptionBudget extends k8s.KubePodDisruptionBudget {
  constructor(scope: Construct, id: string, workload: WorkloadRef) {
    super(scope, id, {
      metadata: metadataOf(workload),
      spec: {
        maxUnavailable: k8s.IntOrString.fromNumber(1),
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: workload.podLabels },
      },
    });
  }
}
