import { k8s } from 'cdk8s-plus-28';
import { secretFileMode } from '../kit/restricted-pod';
import type { WorkloadRef } from '../kit/workload-ref';
import type { WorkloadProps } from './workload-props';

export const volumeNames = { config: 'config', secrets: 'secrets', temporary: 'temporary' } as const;

export function volumes({ name }: WorkloadRef, { secretName, resources }: WorkloadProps): k8s.Volume[] {
  return [
    { name: volumeNames.config, configMap: { name } },
    ...(secretName === undefined
      ? []
      : [{ name: volumeNames.secrets, secret: { secretName, defaultMode: secretFileMode } }]),
    {
      name: volumeNames.temporary,
      // Without a bound, one pod can fill the node's disk and have its neighbours evicted.
      emptyDir: { sizeLimit: k8s.Quantity.fromString(resources.ephemeralStorage.limit.asString()) },
    },
  ];
}
