import { k8s } from 'cdk8s-plus-28';
import type { Construct } from 'constructs';
import type { CpuAutoscaling } from '../config/schema/parts';
import { metadataOf } from '../kit/identity';
import type { WorkloadRef } from '../kit/workload-ref';
import { behavior } from './behavior';

export interface CpuAutoscalerProps extends CpuAutoscaling {
  readonly workload: WorkloadRef;
}

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
