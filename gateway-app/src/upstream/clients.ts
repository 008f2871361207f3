import type { ProviderConfig } from '../../contract/runtime-config';
import type { UpstreamClient } from '../core/upstream';
import { echoClient } from '../providers/echo/client';
import { Http1Client } from './http1/client';

/**
 * One client for all providers of the same origin that connect in the same way. It outlives a change of configuration:
 * warm connections stay warm, and a request that began under the old configuration still finds its client. One that is no
 * longer used closes its connections by itself.
 */
export class UpstreamClients {
  readonly #clients = new Map<string, Http1Client>();
  readonly #authorities = new Map<string, () => string>();

  /** @param connectTimeoutMs Of a provider that sets none. */
  constructor(private readonly connectTimeoutMs: number) {}

  /** @param secret The content of a secret's file as it is now. */
  for(provider: ProviderConfig, secret: (file: string) => string): UpstreamClient {
    if (provider.kind === 'echo') return echoClient;
    const { origin } = new URL(provider.baseUrl);
    const connectTimeoutMs = provider.deadlines?.connectMs ?? this.connectTimeoutMs;
    const { caFile } = provider;
    const key = `${origin} ${connectTimeoutMs} ${caFile ?? ''}`;
    // Of the newest configuration: that of an older one is no longer read again.
    if (caFile !== undefined) this.#authorities.set(key, () => secret(caFile));
    let client = this.#clients.get(key);
    if (client === undefined) {
      client = new Http1Client({ origin, connectTimeoutMs, ca: () => this.#authorities.get(key)?.() });
      this.#clients.set(key, client);
    }
    return client;
  }

  destroy(): void {
    for (const client of this.#clients.values()) client.destroy();
    this.#clients.clear();
  }
}
