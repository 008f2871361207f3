import type { RequestContext } from './request-context';

/**
 * A step before the exchange. It refuses a request by throwing a GatewayError, and may answer it, which ends the phase.
 * One that needs no waiting returns nothing: a promise per stage and request would cost more than the stage.
 */
export type RequestStage = (context: RequestContext) => void | Promise<void>;

/** Brings the answer. It returns at once; the answer may take minutes. */
export type ExchangeStage = (context: RequestContext) => void;

/** Reports a request. Runs exactly once for each, however it ended. */
export type CompletionStage = (context: RequestContext) => void;
