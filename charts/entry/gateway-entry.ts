import type { Construct } from 'constructs';
import type { RuntimeConfig } from '../../gateway-app/contract/runtime-config';
import { requestTimings } from '../../gateway-app/contract/timings';
import type { EntryEffects } from '../kit/entry-effects';
import type { WorkloadRef } from '../kit/workload-ref';

/** What an entry is told of the gateway that it leads to. */
export interface EntryContext {
  /** Names by which clients reach it. */
  readonly hosts: readonly string[];
  /** Where the pods run that bring the requests. */
  readonly ingressNamespace: string;
  /** Namespaces whose pods come past the entry. */
  readonly consumers: readonly string[];
  /** Where Prometheus runs. */
  readonly monitoringNamespace: string;
  readonly config: RuntimeConfig;
}

/** An entry, ready to be added. */
export interface GatewayEntry {
  readonly effects: EntryEffects;
  /** Adds its objects. */
  attach(scope: Construct, workload: WorkloadRef): void;
}

/** A time as the kinds of Istio and of the Gateway API write it. */
export function secondsText(ms: number): string {
  return `${Math.ceil(ms / 1000)}s`;
}

/** For a whole request. Above the gateway's own limit, so that the side which knows the reason ends the wait. */
export const routeTimeout = secondsText(requestTimings.ingressRouteMs);
