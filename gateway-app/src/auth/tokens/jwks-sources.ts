import type { JwtMethod } from '../../../contract/runtime-config-access';
import type { Timings } from '../../core/timings';
import type { Logger } from '../../telemetry/logger';
import type { Registry } from '../../telemetry/registry';
import { Jwks, type JwksObserver } from './jwks';

/**
 * The keys of all issuers. They outlive a change of configuration: else each would begin without keys, and requests would
 * wait for issuers that nobody has changed.
 */
export class JwksSources {
  readonly #byPlace = new Map<string, Jwks>();
  readonly #observer: JwksObserver;

  constructor(
    registry: Registry,
    logger: Logger,
    private readonly timings: Timings['identity'],
  ) {
    const { jwksRefreshes, jwksFailing } = registry.families;
    const fetched = jwksRefreshes.series({ result: 'success' });
    const failed = jwksRefreshes.series({ result: 'failure' });
    this.#observer = {
      onFetched: () => {
        fetched.increment();
      },
      onFailed: (url, error) => {
        failed.increment();
        const reason = error instanceof Error ? error.message : String(error);
        logger.warn({ url, reason }, "an issuer's keys could not be fetched; the last ones stay in use");
      },
    };
    const failing = jwksFailing.series({});
    registry.onCollect(() => {
      failing.value =
        Math.max(0, ...[...this.#byPlace.values()].map(({ failingForMs }) => failingForMs)) / 1_000;
    });
  }

  /**
   * Takes over a configuration's methods: starts what is new, and stops what is gone.
   *
   * @param secret The content of a secret's file as it is now.
   * @returns The keys of each method.
   */
  use(methods: readonly JwtMethod[], secret: (file: string) => string): ReadonlyMap<JwtMethod, Jwks> {
    const places = new Map(methods.map((method) => [placeOf(method), method]));
    for (const [place, jwks] of this.#byPlace) {
      if (places.has(place)) continue;
      jwks.stop();
      this.#byPlace.delete(place);
    }
    return new Map(
      methods.map((method) => {
        const { caFile } = method.jwks;
        const options = {
          config: method.jwks,
          ca: () => (caFile === undefined ? undefined : secret(caFile)),
        };
        const place = placeOf(method);
        const known = this.#byPlace.get(place);
        known?.configure(options);
        const jwks = known ?? new Jwks(options, this.timings, this.#observer);
        this.#byPlace.set(place, jwks);
        return [method, jwks];
      }),
    );
  }

  stop(): void {
    for (const jwks of this.#byPlace.values()) jwks.stop();
    this.#byPlace.clear();
  }
}

function placeOf({ issuer, jwks }: JwtMethod): string {
  return JSON.stringify([issuer, jwks.url]);
}
