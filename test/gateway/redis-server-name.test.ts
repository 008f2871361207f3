import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { selfSigned } from '../support/certificate';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

/** What clients named in their handshakes; `false` for one that named nobody. */
const named: (string | false | null)[] = [];
const certificate = selfSigned(['localhost', '127.0.0.1']);
let server: Server;
let gateway: RunningGateway;

beforeAll(async () => {
  server = createServer({ ...certificate }, (socket) => {
    named.push(socket.servername);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => gateway.close());
afterAll(() => server.close());

it.each([
  ['localhost', 'localhost'],
  ['127.0.0.1', false],
])('A Redis at %s by TLS is asked for as %s', async (host, name) => {
  named.length = 0;
  gateway = await startGateway({
    config: configFor('http://127.0.0.1:1/v1', {
      store: {
        kind: 'redis',
        tls: true,
        host,
        port: (server.address() as AddressInfo).port,
        caFile: 'authority',
        maxReplicas: 2,
      },
      limits: { global: { requestsPerSecond: 100 } },
    }),
    secrets: { authority: certificate.cert },
    timings: { store: { retryMinMs: 20, retryMaxMs: 100 } },
  });
  await waitFor('a handshake', () => named.length > 0);
  expect(named[0]).toBe(name);
});
