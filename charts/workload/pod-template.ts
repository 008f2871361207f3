import { createHash } from 'node:crypto';
import type { k8s } from 'cdk8s-plus-28';
import { startConfigOf } from '../../gateway-app/contract/start-config';
import { drainSeconds, terminationGracePeriodSeconds } from '../../gateway-app/contract/timings';
import { annotations } from '../config/annotations';
import type { WorkloadRef } from '../kit/workload-ref';
import { gatewayContainer } from './container';
import { priorityClassName } from './priority-class';
import { topologySpread } from './spread';
import { volumes } from './volumes';
import type { WorkloadProps } from './workload-props';

/** The image's user. Above 10000, so that it is no user of the node even where a container escapes. */
const uid = 65_532;

export function podTemplate(workload: WorkloadRef, props: WorkloadProps): k8s.PodTemplateSpec {
  return {
    metadata: {
      labels: workload.labels,
      annotations: {
        [annotations.drainSeconds]: String(drainSeconds),
        [annotations.startConfig]: fingerprint(startConfigOf(props.config)),
      },
    },
    spec: {
      priorityClassName: priorityClassName(workload),
      serviceAccountName: workload.name,
      automountServiceAccountToken: false,
      // Else each Service of the namespace adds variables to the environment.
      enableServiceLinks: false,
      terminationGracePeriodSeconds,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: uid,
        fsGroup: uid,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      // With the default of 5, each lookup of a provider first asks for it in four domains of the cluster.
      dnsConfig: { options: [{ name: 'ndots', value: '2' }] },
      topologySpreadConstraints: topologySpread(workload, props.minReplicas),
      containers: [gatewayContainer(workload, props)],
      volumes: volumes(workload, props),
    },
  };
}

function fingerprint(value: object): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}
