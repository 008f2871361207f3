import { once } from 'node:events';
import { ConnectionLost } from '../../gateway-app/src/core/connection-lost';
import { head } from '../support/upstream/framing-case';
import { between, makeClient, variants } from '../support/upstream/implementations';
import { post, Recording, request } from '../support/upstream/recording';
import { ScriptedServer, type ServerConnection } from '../support/upstream/scripted-server';
import { turns } from '../support/turns';
import { waitFor } from '../support/wait';

const answer = (body: string, ...fields: string[]): string =>
  `${head(`Content-Length: ${body.length}`, ...fields)}${body}`;

/** Answers each request with the index of its connection. */
async function answersItsIndex(connection: ServerConnection, index: number): Promise<void> {
  while (await connection.request()) connection.send(answer(String(index)));
}

const large = { ...request, body: `"${'x'.repeat(16 * 1024 * 1024)}"` };

describe.each(variants)('$implementation over $transport', (variant) => {
  it('serves requests one after the other on one connection', async () => {
    await between(variant, answersItsIndex, async (client, server) => {
      for (let nth = 0; nth < 20; nth += 1) {
        expect((await post(client)).body).toBe('0');
        await turns(1);
      }
      expect(server.connections).toHaveLength(1);
    });
  });

  it('gives each request in flight a connection of its own, however many there are', async () => {
    await between(variant, answersItsIndex, async (client, server) => {
      const recordings = await Promise.all(Array.from({ length: 100 }, () => post(client)));
      expect(new Set(recordings.map(({ body }) => body)).size).toBe(100);
      expect(server.connections).toHaveLength(100);
    });
  });

  it('notices that an idle connection was closed, and opens another', async () => {
    await between(variant, answersItsIndex, async (client, server) => {
      await post(client);
      server.connections[0]!.end();
      await server.connections[0]!.closed;
      await turns();
      expect((await post(client)).outcome).toEqual({ status: 200, body: '1' });
    });
  });

  it('drops an idle connection on which bytes arrive that nobody has asked for', async () => {
    await between(variant, answersItsIndex, async (client, server) => {
      await post(client);
      await turns();
      server.connections[0]!.send('HTTP/1.1 408 Request Timeout\r\nContent-Length: 4\r\n\r\nevil');
      await turns();
      expect((await post(client)).outcome).toEqual({ status: 200, body: '1' });
    });
  });

  it('reports a connection that was reset while the provider worked, and does not ask twice', async () => {
    const script = async (connection: ServerConnection): Promise<void> => {
      await connection.request();
      connection.reset();
    };
    await between(variant, script, async (client, server) => {
      expect((await post(client)).outcome).toEqual({ failure: 'invalid_response' });
      expect(server.connections).toHaveLength(1);
    });
  });

  it('hears an answer that comes before the request was sent in full', async () => {
    const script = async (connection: ServerConnection, index: number): Promise<void> => {
      if (index > 0) return answersItsIndex(connection, index);
      await once(connection.socket, 'data');
      connection.socket.pause();
      connection.send('HTTP/1.1 413 Too Large\r\nContent-Length: 5\r\n\r\nlarge');
      return undefined;
    };
    await between(variant, script, async (client, server) => {
      expect((await post(client, large)).outcome).toEqual({ status: 413, body: 'large' });
      await turns();
      const next = new Recording(client);
      if (variant.implementation === 'http1') {
        await next.over;
        expect(next.body).toBe('1');
      } else {
        // undici puts the next request behind the rest of this one, which the server does not read any more.
        await turns();
        expect(next.events).toEqual([]);
        expect(server.connections).toHaveLength(1);
      }
    });
  });

  it('sends a large body in full to a server that reads slowly', async () => {
    let received = 0;
    const script = async (connection: ServerConnection): Promise<void> => {
      const { socket } = connection;
      socket.removeAllListeners('data');
      let seenHead = false;
      socket.on('data', (text: string) => {
        received += seenHead ? text.length : text.length - text.indexOf('\r\n\r\n') - 4;
        seenHead = true;
        socket.pause();
        setImmediate(() => socket.resume());
        if (received === large.body.length) connection.send(answer('thanks'));
      });
      await connection.closed;
    };
    await between(variant, script, async (client) => {
      expect((await post(client, large)).outcome).toEqual({ status: 200, body: 'thanks' });
      expect(received).toBe(large.body.length);
    });
  });
});

describe.each(['http1', 'undici'] as const)('%s', (implementation) => {
  it('reports a provider that refuses connections as unreachable', async () => {
    const server = await ScriptedServer.start(() => undefined);
    await server.close();
    const client = makeClient(implementation, { origin: server.origin });
    const { outcome, cause } = await post(client);
    expect(outcome).toEqual({ failure: 'connect_error' });
    expect(cause).toMatchObject({ code: 'ECONNREFUSED' });
    await client.destroy();
  });

  it('reports a handshake that never ends as unreachable', async () => {
    const server = await ScriptedServer.start(() => undefined);
    const origin = server.origin.replace('http:', 'https:');
    const client = makeClient(implementation, { origin, connectTimeoutMs: 50 });
    expect((await post(client)).outcome).toEqual({ failure: 'connect_error' });
    await waitFor('the connection to be closed', () => server.connections[0]?.ended);
    await client.destroy();
    await server.close();
  });

  it('fails the calls in progress when it is destroyed', async () => {
    const server = await ScriptedServer.start(() => undefined);
    const client = makeClient(implementation, { origin: server.origin });
    const recording = new Recording(client);
    await waitFor('the request', () => server.connections[0]?.received.includes('POST'));
    void client.destroy();
    await recording.over;
    expect(recording.outcome).toEqual({ failure: 'invalid_response' });
    await server.close();
  });
});

describe('http1', () => {
  const [plain, secured] = variants;

  it('lends the connection that was used last', async () => {
    await between(plain!, answersItsIndex, async (client, server) => {
      await Promise.all([post(client), post(client), post(client)]);
      await turns();
      const { body } = await post(client);
      await turns();
      for (let nth = 0; nth < 5; nth += 1) {
        expect((await post(client)).body).toBe(body);
        await turns();
      }
      expect(server.connections).toHaveLength(3);
    });
  });

  it('keeps no connection whose server closes it within a second', async () => {
    const script = async (connection: ServerConnection): Promise<void> => {
      while (await connection.request()) connection.send(answer('x', 'Keep-Alive: timeout=1'));
    };
    await between(plain!, script, async (client, server) => {
      await post(client);
      await waitFor('the client to close', () => server.connections[0]!.ended);
    });
  });

  it('closes an idle connection by itself, before the time that the server has announced', async () => {
    const script = async (connection: ServerConnection): Promise<void> => {
      while (await connection.request()) connection.send(answer('x', 'Keep-Alive: max=9, timeout=2'));
    };
    await between(plain!, script, async (client, server) => {
      await post(client);
      await turns();
      await post(client);
      expect(server.connections).toHaveLength(1);
      await waitFor('the client to close', () => server.connections[0]!.ended);
    });
  });

  it.each([plain!, secured!])(
    'asks again on a new connection where the write failed over $transport: the request was never whole',
    async (variant) => {
      await between(variant, answersItsIndex, async (client, server) => {
        await post(client);
        await turns();
        // In the same turn: the kernel knows of the reset, the client does not.
        server.connections[0]!.reset();
        expect((await post(client)).outcome).toEqual({ status: 200, body: '1' });
      });
    },
  );

  it('asks no third time', async () => {
    await between(plain!, answersItsIndex, async (client, server) => {
      await post(client);
      await turns();
      server.connections[0]!.reset();
      const closed = server.close();
      const recording = new Recording(client);
      await Promise.all([recording.over, closed]);
      expect(recording.outcome).toEqual({ failure: 'connect_error' });
    });
  });

  const loses: [string, (connection: ServerConnection) => void][] = [
    [
      'closed',
      (connection) => {
        connection.close();
      },
    ],
    [
      'reset',
      (connection) => {
        connection.reset();
      },
    ],
  ];
  it.each(loses.flatMap(([how, lose]) => [plain!, secured!].map((variant) => ({ how, lose, ...variant }))))(
    'never asks twice where the request was read and the connection $how over $transport',
    async ({ lose, ...variant }) => {
      const script = async (connection: ServerConnection): Promise<void> => {
        await connection.request();
        connection.send(answer('first'));
        await connection.request();
        lose(connection);
      };
      await between(variant, script, async (client, server) => {
        await post(client);
        await turns();
        const { outcome, cause } = await post(client);
        expect(outcome).toEqual({ failure: 'invalid_response' });
        expect(cause).toBeInstanceOf(ConnectionLost);
        expect(cause).toMatchObject({ reused: true });
        expect(server.connections).toHaveLength(1);
      });
    },
  );

  it('never asks twice where the server closed just before: nothing tells that from just after', async () => {
    await between(plain!, answersItsIndex, async (client, server) => {
      await post(client);
      await turns();
      // In the same turn: the request still leaves, and meets a closed socket.
      server.connections[0]!.close();
      const { outcome, cause } = await post(client);
      expect(outcome).toEqual({ failure: 'invalid_response' });
      expect(cause).toBeInstanceOf(ConnectionLost);
      expect(server.connections).toHaveLength(1);
    });
  });

  it('says that the connection was new where a first request was lost on it', async () => {
    const script = async (connection: ServerConnection): Promise<void> => {
      await connection.request();
      connection.close();
    };
    await between(plain!, script, async (client) => {
      const { cause } = await post(client);
      expect(cause).toBeInstanceOf(ConnectionLost);
      expect(cause).toMatchObject({ reused: false });
    });
  });

  it('refuses at once what would exceed its connections, and serves again when one is free', async () => {
    const server = await ScriptedServer.start(async (connection) => {
      await connection.request();
    });
    const client = makeClient('http1', { origin: server.origin, maxConnections: 2 });
    const held = [new Recording(client), new Recording(client)];
    const refused = await post(client);
    expect(refused.outcome).toEqual({ failure: 'connect_error' });
    expect(refused.cause?.message).toContain('All 2 connections');
    held[0]!.call.abort();
    const next = new Recording(client);
    await waitFor('a third connection', () => server.connections.length === 3);
    expect(next.events).toEqual([]);
    await client.destroy();
    await server.close();
  });
});
