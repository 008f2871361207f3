import { isDeepStrictEqual } from 'node:util';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Registry } from '../telemetry/registry';
import { AnswerCache } from './answer-cache';

type Origin = Pick<RuntimeConfig, 'cache' | 'providers' | 'models'>;

/** The answers that outlive a change of configuration, unless it changes where answers come from. */
export class KeptAnswers {
  #origin: Origin | undefined;
  #answers: AnswerCache | undefined;

  constructor(registry: Registry) {
    const bytes = registry.families.cacheBytes.series({});
    registry.onCollect(() => {
      bytes.value = this.#answers?.bytes ?? 0;
    });
  }

  /** @returns What the configuration may give again; undefined where it has no cache. */
  follow({ cache, providers, models }: RuntimeConfig): AnswerCache | undefined {
    const origin: Origin = { cache, providers, models };
    if (!isDeepStrictEqual(origin, this.#origin)) {
      this.#answers = cache === undefined ? undefined : new AnswerCache(cache);
      this.#origin = origin;
    }
    return this.#answers;
  }
}
