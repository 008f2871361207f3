import { setTimeout as sleep } from 'node:timers/promises';
import { httpPaths } from '../../../gateway-app/contract/paths';
import { httpsStatus } from './https-get';
import { CachingResolver } from './resolver';

export interface Sent {
  /** When it began, in milliseconds of the clock. */
  readonly at: number;
  /** The regional name that the client had resolved. */
  readonly to: string;
  readonly succeeded: boolean;
}

export interface ClientOptions {
  readonly host: string;
  readonly dnsPort: number;
  readonly portOf: (canonicalName: string) => number;
  readonly certificate: string;
  /** Between two requests. */
  readonly periodMs: number;
  readonly timeoutMs: number;
}

const body = JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'Hello' }] });

/** Sends requests to the name that fails over, as an application does whose resolver honours the TTL. */
export class FailoverClient {
  readonly sent: Sent[] = [];
  readonly #resolver: CachingResolver;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;

  /** @param delayMs Before the first request: clients do not resolve the name all at once. */
  constructor(
    private readonly options: ClientOptions,
    delayMs: number,
  ) {
    this.#resolver = new CachingResolver(options.dnsPort);
    this.#loop = this.run(delayMs);
  }

  get last(): Sent | undefined {
    return this.sent.at(-1);
  }

  failedSince(time: number): number {
    return this.sent.filter(({ at, succeeded }) => at >= time && !succeeded).length;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  private async run(delayMs: number): Promise<void> {
    const { signal } = this.#stopping;
    const pause = async (ms: number) => {
      await sleep(ms, undefined, { signal }).catch(() => undefined);
    };
    await pause(delayMs);
    while (!signal.aborted) {
      await this.send();
      await pause(this.options.periodMs);
    }
  }

  private async send(): Promise<void> {
    const { host, portOf, certificate, timeoutMs } = this.options;
    const at = Date.now();
    const to = await this.#resolver.canonicalName(host);
    const status = await httpsStatus({
      port: portOf(to),
      host,
      path: httpPaths.chatCompletions,
      certificate,
      timeoutMs,
      body,
    });
    this.sent.push({ at, to, succeeded: status === 200 });
  }
}
