import { portsOf, type ListenerPort } from '../../gateway-app/contract/ports';
import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';
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
  readonly ports: { readonly public: ListenerPort; readonly admin: ListenerPort };
}

/** The Deployment of a gateway. */
export function gatewayDeployment(identity: Identity, config: Pick<RuntimeConfig, 'tls'>): WorkloadRef {
  const ports = portsOf(config);
  return { ...identity, apiVersion: 'apps/v1', kind: 'Deployment', containerName: 'gateway', ports };
}
