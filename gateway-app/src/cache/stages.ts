import { headers } from '../../contract/headers';
import type { labelValues } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { RequestContext } from '../core/request-context';
import type { ExchangeStage, RequestStage } from '../core/stage';
import type { Registry } from '../telemetry/registry';
import type { AnswerCache } from './answer-cache';
import { cacheabilityOf } from './cacheability';
import { Flight } from './flight';
import { requestKey } from './request-key';

export interface CacheParts {
  readonly config: NonNullable<RuntimeConfig['cache']>;
  readonly answers: AnswerCache;
  readonly registry: Registry;
}

/** The two places at which a request may be spared its provider. */
export interface CacheStages {
  /** Answers what was answered before. */
  readonly lookUp: RequestStage;
  /** Lets those who ask the same at once share one exchange, and keeps its answer. */
  share(exchange: ExchangeStage): ExchangeStage;
}

type CacheResult = (typeof labelValues.cacheResult)[number];

/** For a configuration without a cache. */
export const noCache: CacheStages = { lookUp: () => undefined, share: (exchange) => exchange };

/**
 * Cache and single-flight of one configuration. Stands behind the route: what a tenant may no longer ask is not answered
 * from memory either.
 */
export function cacheStages({ config, answers, registry }: CacheParts): CacheStages {
  const { cacheRequests } = registry.families;
  const exact = (result: CacheResult) => cacheRequests.series({ cache: 'exact', result });
  const counters = { hit: exact('hit'), miss: exact('miss'), bypass: exact('bypass'), error: exact('error') };
  const flown = {
    hit: cacheRequests.series({ cache: 'single_flight', result: 'hit' }),
    miss: cacheRequests.series({ cache: 'single_flight', result: 'miss' }),
  };
  const flights = new Map<string, Flight>();

  const lookUp: RequestStage = (context) => {
    const { body, origin, request } = context;
    if (body === undefined) return;
    const rule = cacheabilityOf(origin.route, body, request.headers);
    if (rule === undefined) {
      counters.bypass.increment();
      tell(context, 'bypass');
      return;
    }
    let key: string;
    try {
      key = requestKey(context, body);
    } catch {
      // It can't be told from others; a provider can still answer it.
      counters.error.increment();
      tell(context, 'bypass');
      return;
    }
    const found = answers.get(key, rule.maxAgeMs, context.clock());
    if (found === undefined) {
      counters.miss.increment();
      tell(context, 'miss');
      // Who wants a new answer shares none that was begun before.
      context.sharing = { key, joins: rule.maxAgeMs > 0 };
      return;
    }
    counters.hit.increment();
    context.cached = 'hit';
    tell(context, 'hit', { age: String(Math.floor(found.ageMs / 1000)) });
    const { stream, body: bytes } = found.answer;
    if (stream) {
      context.beginStream();
      context.response.write(bytes);
      context.finishStream();
    } else context.answer(200, 'application/json', bytes);
  };

  const share =
    (exchange: ExchangeStage): ExchangeStage =>
    (context) => {
      const { sharing, stream } = context;
      if (sharing === undefined) {
        exchange(context);
        return;
      }
      const { key, joins } = sharing;
      const known = joins ? flights.get(key) : undefined;
      if (known?.isOpen === true) {
        flown.hit.increment();
        context.cached = 'joined';
        tell(context, 'joined');
        known.join(context);
        return;
      }
      flown.miss.increment();
      const flight = new Flight(context, config.maxEntryBytes, (ended) => {
        if (flights.get(key) === ended) flights.delete(key);
        const { answer } = ended;
        if (answer !== undefined) answers.set(key, { stream, body: answer }, context.clock());
      });
      flights.set(key, flight);
      flight.join(context);
      flight.begin(exchange);
    };

  return { lookUp, share };
}

function tell(context: RequestContext, what: 'hit' | 'joined' | 'miss' | 'bypass', more: object = {}): void {
  context.ownHeaders = { ...context.ownHeaders, [headers.cache]: what, ...more };
}
