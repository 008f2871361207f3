import type { k8s } from 'cdk8s-plus-28';
import { startConfigOf } from '../../gateway-app/contract/start-config';
import { drainSeconds, terminationGracePeriodSeconds } from '../../gateway-app/contract/timings';
import { annotations } from '../config/annotations';
import { fingerprint } from '../kit/fingerprint';
import { restrictedPod } from '../kit/restricted-pod';
import type { WorkloadRef } from '../kit/workload-ref';
import { gatewayContainer } from './container';
import { priorityClassName } from './priority-class';
import { topologySpread } from './spread';
import { volumes } from './volumes';
import type { WorkloadProps } from './workload-props';

export function podTemplate(workload: WorkloadRef, props: WorkloadProps): k8s.PodTemplateSpec {
  return {
    metadata: {
      labels: { ...workload.labels, ...props.pod.labels },
      annotations: {
        [annotations.drainSeconds]: String(drainSeconds),
        [annotations.startConfig]: fingerprint(JSON.stringify(startConfigOf(props.config))),
        ...props.pod.annotations,
      },
    },
    spec: {
      priorityClassName: priorityClassName(workload),
      ...restrictedPod(workload.name),
      terminationGracePeriodSeconds,
      topologySpreadConstraints: topologySpread(workload, props.minReplicas, props.zones),
      containers: [gatewayContainer(workload, props)],
      volumes: volumes(workload, props),
    },
  };
}
