import type { FailoverSettings } from '../config/schema/failover';

/** How long clients are without service when the region that serves is lost. */
export interface FailoverTime {
  /** Failed checks in a row until the region counts as down. */
  readonly checks: number;
  readonly intervalSeconds: number;
  /** From the loss until the name leads elsewhere. Undefined: a person decides. */
  readonly detectionSeconds: number | undefined;
  /** A resolver may have asked just before. */
  readonly ttlSeconds: number;
  /** For a client whose resolver asked just before. Undefined: a person decides. */
  readonly totalSeconds: number | undefined;
}

/** Undefined where nothing that is known here moves the clients. */
export function failoverTime(failover: FailoverSettings | undefined): FailoverTime | undefined {
  if (failover?.enabled !== true || failover.by === undefined || failover.by.kind === 'none')
    return undefined;
  const { by } = failover;
  const intervalSeconds = failover.healthCheckInterval.toSeconds();
  // k8gb asks the pods' readiness, which has failed several probes before, and the other clusters by DNS: once.
  const checks = by.kind === 'route53' ? by.failureThreshold : 1;
  const ttlSeconds = by.recordTtl.toSeconds();
  const detectionSeconds = failover.manualApproval ? undefined : checks * intervalSeconds;
  return {
    checks,
    intervalSeconds,
    detectionSeconds,
    ttlSeconds,
    totalSeconds: detectionSeconds === undefined ? undefined : detectionSeconds + ttlSeconds,
  };
}
