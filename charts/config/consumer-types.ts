import type { ExternalSecretsInput, OneOf } from './secrets-types';

/** Where the tenant's key comes from. */
export type ConsumerKeyInput = OneOf<{
  /** A Secret in the workload's namespace, made by someone else. Its entry `gateway-key` is the key. */
  readonly existing: string;
  /**
   * A Secret that the External Secrets operator makes. The key is looked for under `<environment>/<tenant>/gateway-key`, where
   * `keyPrefix` replaces what comes before the last part.
   */
  readonly externalSecrets: ExternalSecretsInput;
}>;

/**
 * The way to the gateway. `entry`: by its public host and TLS, from any cluster. `direct`: by its Service, from a namespace of the
 * same cluster that the environment names in `network.consumers`.
 */
export type ConsumerRoute = 'entry' | 'direct';

/**
 * How the workload's egress is closed. `policies`: by NetworkPolicies of its own, so an opening to the gateway is added. `open`: not at
 * all, so none is, since the first policy that selects a pod closes everything that it does not name.
 */
export type ConsumerEgress = 'policies' | 'open';
