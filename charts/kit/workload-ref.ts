import { ports } from '../../gateway-app/contract/ports';
import type { Identity } from './identity';

/**
 * What every other part needs to know of the workload, and all it gets: policies, scalers and alerts point at the
 * workload, the workload knows none of them.
 */
export interface WorkloadRef extends Identity {
  readonly apiVersion: string;
  readonly kind: string;
  /** The container that serves; a sidecar's use of CPU must not count as its. */
  readonly containerName: string;
  readonly ports: typeof ports;
}

/** The Deployment of a gateway. */
export function gatewayDeployment(identity: Identity): WorkloadRef {
  return { ...identity, apiVersion: 'apps/v1', kind: 'Deployment', containerName: 'gateway', ports };
}
