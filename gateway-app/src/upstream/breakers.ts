import { labelValues, type BreakerState } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Clock } from '../core/clock';
import type { Logger } from '../telemetry/logger';
import type { Registry } from '../telemetry/registry';
import type { Gauge } from '../telemetry/series';
import { Breaker } from './breaker';

/** A target as its breaker knows it: several models may lead to it. */
interface TargetName {
  readonly provider: string;
  /** The model's name there. */
  readonly model: string;
}

export interface BreakerView {
  readonly state: BreakerState;
  /** Within the window. */
  readonly attempts: number;
  readonly failures: number;
  /** Until one request may try it; absent where it may be asked. */
  readonly waitMs?: number;
}

interface Entry {
  readonly breaker: Breaker;
  readonly gauge: Gauge;
  /** All that makes the target what it is. */
  readonly identity: string;
}

const gaugeValues: Readonly<Record<BreakerState, number>> = { closed: 0, half_open: 1, open: 2 };

/**
 * The breakers of all targets. They outlive a change of the configuration: an edit of some tenant must not send
 * everybody to a provider that is down. Only a target whose provider or settings have changed begins anew.
 */
export class Breakers {
  #entries: ReadonlyMap<string, Entry> = new Map();

  constructor(
    private readonly registry: Registry,
    private readonly logger: Logger,
    private readonly clock: Clock,
  ) {
    // Set when they are read: the breaker of an older configuration may still change its state.
    registry.onCollect(() => {
      for (const { gauge, breaker } of this.#entries.values()) gauge.value = gaugeValues[breaker.state];
    });
  }

  /** Takes a configuration over. */
  adopt({ providers, models, routing }: RuntimeConfig): void {
    const providersByName = new Map(providers.map((provider) => [provider.name, provider]));
    const entries = new Map<string, Entry>();
    for (const { provider, model } of models.flatMap(({ targets }) => targets)) {
      const key = keyOf(provider, model);
      const identity = JSON.stringify([providersByName.get(provider), routing.breaker]);
      const known = entries.get(key) ?? this.#entries.get(key);
      entries.set(
        key,
        known?.identity === identity ? known : this.#create({ provider, model }, routing.breaker, identity),
      );
    }
    for (const [key, { gauge }] of this.#entries) if (!entries.has(key)) gauge.value = 0;
    this.#entries = entries;
  }

  /** @throws Error where no adopted configuration has such a target. */
  of(provider: string, model: string): Breaker {
    const entry = this.#entries.get(keyOf(provider, model));
    if (entry === undefined) throw new Error(`no breaker for ${provider} ${model}`);
    return entry.breaker;
  }

  /** For operators; undefined where the configuration has no such target any more. */
  view(provider: string, model: string): BreakerView | undefined {
    const breaker = this.#entries.get(keyOf(provider, model))?.breaker;
    if (breaker === undefined) return undefined;
    const nowMs = this.clock();
    const waitMs = Math.ceil(breaker.waitMs(nowMs));
    return { state: breaker.state, ...breaker.counts(nowMs), ...(waitMs > 0 && { waitMs }) };
  }

  #create(
    { provider, model }: TargetName,
    settings: RuntimeConfig['routing']['breaker'],
    identity: string,
  ): Entry {
    const { families } = this.registry;
    const labels = { provider, provider_model: model };
    const transitions = new Map(
      labelValues.breakerState.map((state) => [
        state,
        families.breakerTransitions.series({ ...labels, state }),
      ]),
    );
    const breaker = new Breaker(settings, (state) => {
      transitions.get(state)?.increment();
      const line = { provider, providerModel: model, state };
      if (state === 'open') this.logger.warn(line, 'breaker open: the target is left alone');
      else this.logger.info(line, 'breaker');
    });
    return { breaker, gauge: families.breakerState.series(labels), identity };
  }
}

/** A provider's name has no blank. */
function keyOf(provider: string, model: string): string {
  return `${provider} ${model}`;
}
