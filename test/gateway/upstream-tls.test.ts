import { TLSSocket, type TlsOptions } from 'node:tls';
import { selfSigned, type Certificate } from '../support/certificate';
import { Http1Client } from '../../gateway-app/src/upstream/http1/client';
import { turns } from '../support/turns';
import { head } from '../support/upstream/framing-case';
import { makeClient, type TestedClient } from '../support/upstream/implementations';
import { post, Recording } from '../support/upstream/recording';
import { ScriptedServer, type ServerConnection } from '../support/upstream/scripted-server';

const good = selfSigned(['127.0.0.1', 'localhost']);
const dayMs = 86_400_000;

async function withServer(
  options: TlsOptions,
  test: (server: ScriptedServer) => Promise<void>,
): Promise<void> {
  const server = await ScriptedServer.start(async (connection) => {
    while (await connection.request()) connection.send(`${head('Content-Length: 5')}hello`);
  }, options);
  try {
    await test(server);
  } finally {
    await server.close();
  }
}

function secured({ socket }: ServerConnection): TLSSocket {
  if (!(socket instanceof TLSSocket)) throw new Error('the server was started without TLS');
  return socket;
}

async function using(client: TestedClient, test: () => Promise<void>): Promise<void> {
  try {
    await test();
  } finally {
    await client.destroy();
  }
}

describe.each(['http1', 'undici'] as const)('%s', (implementation) => {
  const client = (origin: string, ca: string | undefined): TestedClient =>
    makeClient(implementation, { origin, ca });

  async function expectRefusal(
    { key, cert }: Certificate,
    ca: string | undefined,
    code: string,
  ): Promise<void> {
    await withServer({ key, cert }, async ({ origin, connections }) => {
      const tested = client(origin, ca);
      await using(tested, async () => {
        const { outcome, cause } = await post(tested);
        expect(outcome).toEqual({ failure: 'connect_error' });
        expect(cause).toMatchObject({ code });
        // Neither the request nor the key in it has left the process.
        expect(connections.map(({ received }) => received).join('')).toBe('');
      });
    });
  }

  it('trusts nobody that is not on the list', async () => {
    await expectRefusal(good, undefined, 'DEPTH_ZERO_SELF_SIGNED_CERT');
  });

  it('refuses the certificate of another host', async () => {
    const other = selfSigned(['example.org', '127.0.0.2']);
    await expectRefusal(other, other.cert, 'ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('refuses a certificate that has expired', async () => {
    const old = selfSigned(['127.0.0.1'], -dayMs);
    await expectRefusal(old, old.cert, 'CERT_HAS_EXPIRED');
  });

  it('offers HTTP/1.1 alone, and no session of nobody', async () => {
    await withServer({ ...good, ALPNProtocols: ['h2', 'http/1.1'] }, async ({ origin, connections }) => {
      const tested = client(origin, good.cert);
      await using(tested, async () => {
        expect((await post(tested)).body).toBe('hello');
        const socket = secured(connections[0]!);
        expect(socket.alpnProtocol).toBe('http/1.1');
        expect(socket.isSessionReused()).toBe(false);
      });
    });
  });

  it('refuses a server that speaks HTTP/2 alone', async () => {
    await withServer({ ...good, ALPNProtocols: ['h2'] }, async ({ origin }) => {
      const tested = client(origin, good.cert);
      await using(tested, async () => {
        expect((await post(tested)).outcome).toEqual({ failure: 'connect_error' });
      });
    });
  });

  it('names the host it wants', async () => {
    await withServer(good, async ({ origin, connections }) => {
      const tested = client(origin.replace('127.0.0.1', 'localhost'), good.cert);
      await using(tested, async () => {
        expect((await post(tested)).body).toBe('hello');
        expect(secured(connections[0]!).servername).toBe('localhost');
      });
    });
  });

  it.each(['TLSv1.2', 'TLSv1.3'] as const)(
    'resumes the session on the next %s connection',
    async (version) => {
      await withServer({ ...good, maxVersion: version }, async ({ origin, connections }) => {
        const tested = client(origin, good.cert);
        await using(tested, async () => {
          await post(tested);
          await turns();
          await Promise.all([post(tested), post(tested)]);
          expect(connections.map((connection) => secured(connection).isSessionReused())).toEqual([
            false,
            true,
          ]);
        });
      });
    },
  );
});

describe('http1', () => {
  it('asks for the authorities at each connection, and resumes no session of those before', async () => {
    await withServer(good, async ({ origin, connections }) => {
      let ca = good.cert;
      const client = new Http1Client({ origin, connectTimeoutMs: 5_000, ca: () => ca });
      await using(client, async () => {
        expect((await post(client)).body).toBe('hello');
        ca = selfSigned(['127.0.0.1']).cert;
        await turns();
        // The idle connection carries the first, and the second needs a new one.
        const [first, second] = await Promise.all([post(client), post(client)]);
        expect(first.body).toBe('hello');
        expect(second.outcome).toEqual({ failure: 'connect_error' });
        expect(second.cause).toMatchObject({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
        ca = good.cert;
        await turns();
        const again = await Promise.all([post(client), post(client)]);
        expect(again.map(({ body }) => body)).toEqual(['hello', 'hello']);
        expect(secured(connections.at(-1)!).isSessionReused()).toBe(false);
      });
    });
  });

  it('speaks no version below TLS 1.2, whatever Node is told to allow', async () => {
    const old = {
      ...good,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT:@SECLEVEL=0',
    } as const;
    await withServer(old, async ({ origin }) => {
      const client = makeClient('http1', { origin, ca: good.cert });
      await using(client, async () => {
        const { outcome, cause } = await post(client);
        expect(outcome).toEqual({ failure: 'connect_error' });
        expect(String(cause)).toMatch(/protocol version/i);
      });
    });
  });

  it('verifies where the environment says not to', async () => {
    const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await withServer(good, async ({ origin }) => {
        const client = makeClient('http1', { origin, ca: undefined });
        await using(client, async () => {
          expect((await post(client)).outcome).toEqual({ failure: 'connect_error' });
        });
      });
    } finally {
      if (before === undefined) delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
    }
  });

  it('hands out all records of one read, though the handler holds the first', async () => {
    const server = await ScriptedServer.start(async (connection) => {
      await connection.request();
      connection.socket.cork();
      connection.send(head('Content-Length: 160000'));
      for (let nth = 0; nth < 16; nth += 1) connection.send(String.fromCharCode(97 + nth).repeat(10_000));
      connection.socket.uncork();
    }, good);
    const client = makeClient('http1', { origin: server.origin, ca: good.cert });
    await using(client, async () => {
      const recording = new Recording(client, undefined, (event) => event !== 'data');
      while (!recording.events.includes('end')) {
        await turns();
        recording.call.resume();
      }
      const expected = Array.from({ length: 16 }, (_, nth) => String.fromCharCode(97 + nth).repeat(10_000));
      expect(recording.body).toBe(expected.join(''));
    });
    await server.close();
  });
});
