import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpsStatus } from './https-get';
import type { HealthCheck } from './route53';

/** Route 53 checks from about a dozen places, which do not wait for each other. */
const placeCount = 12;

/** A region is up while more than this share of the places finds it so. */
const healthyShare = 0.18;

/** From the start of a check: 4 s to connect and 2 s to answer. */
const timeoutSeconds = 6;

/** What one place holds of a region. */
export interface Place {
  isHealthy: boolean;
  /** How often in a row it has found otherwise. */
  otherwise: number;
}

export interface HealthCheckersOptions {
  readonly checks: readonly HealthCheck[];
  /** Which loopback port a checked name leads to. */
  readonly portOf: (host: string) => number;
  readonly certificate: string;
  /** 1 for true time; 0.1 lets a second stand for ten. */
  readonly scale: number;
}

/** Asks every region from every place, as often as its health check says. */
export class HealthCheckers {
  readonly #stopping = new AbortController();
  readonly #places = new Map<string, Place[]>();
  readonly #loops: Promise<void>[] = [];

  constructor(private readonly options: HealthCheckersOptions) {
    // Each place of each check waits by it.
    setMaxListeners(0, this.#stopping.signal);
    for (const check of options.checks) {
      const places = Array.from({ length: placeCount }, () => ({ isHealthy: true, otherwise: 0 }));
      this.#places.set(check.name, places);
      places.forEach((place, index) => this.#loops.push(this.watch(check, place, index)));
    }
  }

  isHealthy(check: string): boolean {
    return this.places(check).filter(({ isHealthy }) => isHealthy).length / placeCount > healthyShare;
  }

  places(check: string): readonly Place[] {
    return this.#places.get(check) ?? [];
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  private async watch(check: HealthCheck, place: Place, index: number): Promise<void> {
    const { portOf, certificate, scale } = this.options;
    const intervalMs = check.intervalSeconds * 1000 * scale;
    let due = Date.now() + (intervalMs * index) / placeCount;
    while (await this.until(due)) {
      const status = await httpsStatus({
        port: portOf(check.host),
        host: check.host,
        path: check.path,
        certificate,
        // Not scaled: a busy machine would make healthy regions look down. Who is lost refuses at once.
        timeoutMs: timeoutSeconds * 1000,
      });
      const isGood = status >= 200 && status < 400;
      place.otherwise = isGood === place.isHealthy ? 0 : place.otherwise + 1;
      if (place.otherwise >= check.threshold) {
        place.isHealthy = isGood;
        place.otherwise = 0;
      }
      // Route 53 counts the interval from the answer.
      due = Date.now() + intervalMs;
    }
  }

  /** Resolves with false where the checkers were stopped first. */
  private async until(time: number): Promise<boolean> {
    const { signal } = this.#stopping;
    try {
      await sleep(Math.max(0, time - Date.now()), undefined, { signal });
      return true;
    } catch {
      return false;
    }
  }
}
