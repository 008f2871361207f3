import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { AlertLabels } from './alertmanager';

/** A message of Alertmanager, as much of it as the tests read. */
export interface Delivered {
  /** Path that it came by. */
  readonly path: string;
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved';
    readonly labels: AlertLabels;
    readonly annotations: AlertLabels;
  }[];
}

/** Takes what Alertmanager delivers. */
export interface Webhook {
  readonly url: string;
  readonly delivered: readonly Delivered[];
  close(): Promise<void>;
}

export async function startWebhook(): Promise<Webhook> {
  const delivered: Delivered[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      delivered.push({ ...(JSON.parse(body) as Delivered), path: request.url ?? '' });
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delivered,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
