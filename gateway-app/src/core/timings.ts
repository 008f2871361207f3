import {
  clientTimings,
  configTimings,
  identityTimings,
  requestTimings,
  shutdownTimings,
  storeTimings,
  tracingTimings,
  upstreamTimings,
} from '../../contract/timings';

type Numbers<Ladder> = { readonly [Rung in keyof Ladder]: number };

/** The contract's ladder as the app takes it. A test hands in a faster one; nothing else may. */
export interface Timings {
  readonly upstream: Numbers<typeof upstreamTimings>;
  readonly client: Numbers<typeof clientTimings>;
  readonly request: Numbers<typeof requestTimings>;
  readonly shutdown: Numbers<typeof shutdownTimings>;
  readonly config: Numbers<typeof configTimings>;
  readonly store: Numbers<typeof storeTimings>;
  readonly identity: Numbers<typeof identityTimings>;
  readonly tracing: Numbers<typeof tracingTimings>;
}

export const contractTimings: Timings = {
  upstream: upstreamTimings,
  client: clientTimings,
  request: requestTimings,
  shutdown: shutdownTimings,
  config: configTimings,
  store: storeTimings,
  identity: identityTimings,
  tracing: tracingTimings,
};
