import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { CpuAutoscaling } from '../config/schema/parts';
import { metadataOf } from '../kit/identity';
import type { WorkloadRef } from '../kit/workload-ref';

export interface CpuAutoscalerProps extends CpuAutoscaling {
  readonly workload: WorkloadRef;
}

/** Up at once and by as much as doubles; down slowly, because each pod that goes ends the streams it carries. */
const behavior: k8s.HorizontalPodAutoscalerBehaviorV2 = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: 100, periodSeconds: 30 },
      { type: 'Pods', value: 4, periodSeconds: 30 },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: 'Percent', value: 25, periodSeconds: 60 }],
  },
};

export class CpuAutoscaler extends k8s.KubeHorizontalPodAutoscalerV2 {
  constructor(scope: Construct, id: string, props: CpuAutoscalerProps) {
    const { workload, minReplicas, maxReplicas, targetCpuPercent } = props;
    super(scope, id, {
      metadata: metadataOf(workload),
      spec: {
        scaleTargetRef: { apiVersion: workload.apiVersion, kind: workload.kind, name: workload.name },
        minReplicas,
        maxReplicas,
        metrics: [
          {
            type: 'ContainerResource',
            containerResource: {
              name: 'cpu',
              container: workload.containerName,
              target: { type: 'Utilization', averageUtilization: targetCpuPercent },
            },
          },
        ],
        behavior,
      },
    });
  }
}
