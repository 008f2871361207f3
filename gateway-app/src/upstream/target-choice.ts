import { GatewayError } from '../core/gateway-error';
import type { ClientCall } from '../core/provider-call';
import type { Target } from '../core/targets';
import type { Endpoint, Endpoints } from './endpoints';
import type { Admitted } from './exchange';

/** What a request knows of a target that has failed it. */
interface Past {
  readonly failures: number;
  /** It does not want to be asked before. Infinity: it would fail alike. */
  readonly notBeforeMs: number;
}

const fresh: Past = { failures: 0, notBeforeMs: 0 };

/** Chooses the target of each attempt at one request. */
export class TargetChoice {
  /** Made at the first failure: most requests have none. */
  #past: Map<Target, Past> | undefined;

  /** @param targets In the order in which to try; never empty. */
  constructor(
    private readonly targets: readonly Target[],
    private readonly endpoints: Endpoints,
  ) {}

  pastOf(target: Target): Past {
    return this.#past?.get(target) ?? fresh;
  }

  hasFailed(target: Target, notBeforeMs: number): void {
    this.#past ??= new Map();
    this.#past.set(target, { failures: this.pastOf(target).failures + 1, notBeforeMs });
  }

  /**
   * The next target to ask: one that has not failed this request, in order; then those that have, the seldom ones first.
   *
   * @param untilMs One that wants to be asked later than this is passed over.
   * @param besides A target that is being asked already: another one that has not failed is wanted.
   * @returns Why no target can be asked, in place of one. Whoever takes one must leave its breaker again.
   */
  next(
    call: Omit<ClientCall, 'model'>,
    nowMs: number,
    untilMs: number,
    besides?: Target,
  ): Admitted | GatewayError {
    let refusal: GatewayError | undefined;
    let waitMs = Infinity;
    for (const target of this.#inOrder(nowMs)) {
      const { failures, notBeforeMs } = this.pastOf(target);
      if (notBeforeMs > untilMs) continue;
      if (besides !== undefined && (target === besides || failures > 0)) continue;
      const endpoint = this.#endpointOf(target);
      const pass = endpoint.breaker.enter(nowMs);
      if (pass === undefined) {
        waitMs = Math.min(waitMs, endpoint.breaker.waitMs(nowMs));
        continue;
      }
      try {
        const { translate } = endpoint.provider;
        return { endpoint, pass, call: translate({ ...call, model: target.providerModel }) };
      } catch (error) {
        endpoint.breaker.leave(pass, 'neutral', nowMs);
        if (!(error instanceof GatewayError)) throw error;
        // Another target may know what this one's dialect has no equal for.
        refusal ??= error;
      }
    }
    if (waitMs < Infinity || refusal === undefined) {
      return new GatewayError('provider_unavailable', waitMs < Infinity ? { retryAfterMs: waitMs } : {});
    }
    return refusal;
  }

  #inOrder(nowMs: number): readonly Target[] {
    const { targets } = this;
    const [first] = targets;
    if (
      targets.length === 1 ||
      (first !== undefined && this.#past === undefined && !this.#waits(first, nowMs))
    )
      return targets;
    // Sorting keeps the order among equals.
    const rank = (target: Target): number =>
      2 * this.pastOf(target).failures + (this.#waits(target, nowMs) ? 1 : 0);
    return [...targets].sort((one, other) => rank(one) - rank(other));
  }

  #waits(target: Target, nowMs: number): boolean {
    return this.#endpointOf(target).breaker.isAskedToWait(nowMs);
  }

  #endpointOf(target: Target): Endpoint {
    const endpoint = this.endpoints.get(target);
    if (endpoint === undefined) throw new Error('a target without an endpoint');
    return endpoint;
  }
}
