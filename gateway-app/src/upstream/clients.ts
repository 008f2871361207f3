import type { ProviderConfig } from '../../contract/runtime-config';
import type { UpstreamClient } from '../core/upstream';
import { echoClient } from '../providers/echo/client';
import { Http1Client } from './http1/client';

/**
 * One client per provider origin. It outlives a change of configuration: warm connections stay warm, and a request that
 * began under the old configuration still finds its client. One that is no longer used closes its connections by itself.
 */
export class UpstreamClients {
  readonly #byOrigin = new Map<string, Http1Client>();

  constructor(private readonly connectTimeoutMs: number) {}

  for(provider: ProviderConfig): UpstreamClient {
    if (provider.kind === 'echo') return echoClient;
    const { origin } = new URL(provider.baseUrl);
    let client = this.#byOrigin.get(origin);
    if (client === undefined) {
      client = new Http1Client({ origin, connectTimeoutMs: this.connectTimeoutMs });
      this.#byOrigin.set(origin, client);
    }
    return client;
  }

  destroy(): void {
    for (const client of this.#byOrigin.values()) client.destroy();
    this.#byOrigin.clear();
  }
}
