import type { RuntimeConfig } from '../../contract/runtime-config';
import { priceOf, type Price } from './price';

/** Where a request goes. One object per configured target, so that stages keep what they know of it by its identity. */
export interface Target {
  /** The name that the client asked for: one of the configuration's, so it may become a label. */
  readonly model: string;
  readonly provider: string;
  readonly providerModel: string;
  /** Lower ones go first. */
  readonly priority: number;
  /** Share among those of the same priority. */
  readonly weight: number;
  readonly price: Price | undefined;
}

/** The targets of each model, by the name that clients ask for. Each list is in order of priority and never empty. */
export type ModelTargets = ReadonlyMap<string, readonly Target[]>;

export function modelTargetsOf(config: RuntimeConfig): ModelTargets {
  return new Map(
    config.models.map(({ name, targets }) => [
      name,
      targets
        .map(({ provider, model, priority, weight = 1, price }, position) => ({
          model: name,
          provider,
          providerModel: model,
          priority: priority ?? position,
          weight,
          price: price === undefined ? undefined : priceOf(price),
        }))
        .sort((a, b) => a.priority - b.priority),
    ]),
  );
}
