import { k8s } from 'cdk8s-plus-28';
import { env, type GatewayMode } from '../../gateway-app/contract/env';
import { filePaths, httpPaths } from '../../gateway-app/contract/paths';
import { probeTimings, type ProbeTiming } from '../../gateway-app/contract/timings';
import { imageReference } from '../kit/image-reference';
import { restrictedContainer } from '../kit/restricted-pod';
import type { WorkloadRef } from '../kit/workload-ref';
import { volumeNames } from './volumes';
import type { WorkloadProps } from './workload-props';

/** The only mode that serves in a cluster: in `development` the gateway listens on loopback, where no probe reaches it. */
const mode: GatewayMode = 'production';

/** The container that serves. */
export function gatewayContainer(workload: WorkloadRef, props: WorkloadProps): k8s.Container {
  return {
    name: workload.containerName,
    image: imageReference(props.image),
    // With a digest there is nothing to check anew, and a registry that is down must not keep a pod from starting.
    imagePullPolicy: 'IfNotPresent',
    env: [
      { name: env.mode.name, value: mode },
      { name: env.logLevel.name, value: props.logLevel },
      ...(workload.region === undefined ? [] : [{ name: env.region.name, value: workload.region }]),
    ],
    ports: Object.values(workload.ports).map(({ name, number }) => ({
      name,
      containerPort: number,
      protocol: 'TCP',
    })),
    startupProbe: probe(workload, probeTimings.startup),
    readinessProbe: probe(workload, probeTimings.readiness),
    livenessProbe: probe(workload, probeTimings.liveness),
    resources: resourceRequirements(props.resources),
    securityContext: restrictedContainer,
    // A refused configuration is named in the pod's status, where `kubectl describe` shows it.
    terminationMessagePolicy: 'FallbackToLogsOnError',
    volumeMounts: volumeMounts(props),
  };
}

function probe({ ports }: WorkloadRef, timing: ProbeTiming): k8s.Probe {
  return {
    httpGet: {
      path: httpPaths[timing.path],
      port: k8s.IntOrString.fromString(ports.public.name),
      // The kubelet checks no certificate and shows none.
      ...(ports.public.protocol === 'https' && { scheme: 'HTTPS' }),
    },
    periodSeconds: timing.periodSeconds,
    timeoutSeconds: timing.timeoutSeconds,
    failureThreshold: timing.failureThreshold,
  };
}

function resourceRequirements({
  cpu,
  memory,
  ephemeralStorage,
}: WorkloadProps['resources']): k8s.ResourceRequirements {
  const quantities = (bound: 'request' | 'limit') => ({
    cpu: k8s.Quantity.fromString(cpu[bound].amount),
    memory: k8s.Quantity.fromString(memory[bound].asString()),
    'ephemeral-storage': k8s.Quantity.fromString(ephemeralStorage[bound].asString()),
  });
  return { requests: quantities('request'), limits: quantities('limit') };
}

/** Folders, never single files by subPath: those are not updated, and no reload would ever see a change. */
function volumeMounts({ secretName }: WorkloadProps): k8s.VolumeMount[] {
  return [
    { name: volumeNames.config, mountPath: filePaths.configDirectory, readOnly: true },
    ...(secretName === undefined
      ? []
      : [{ name: volumeNames.secrets, mountPath: filePaths.secretsDirectory, readOnly: true }]),
    { name: volumeNames.temporary, mountPath: filePaths.temporaryDirectory },
  ];
}
