import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { chunked, head } from '../support/upstream/framing-case';
import { between, variants } from '../support/upstream/implementations';
import { post, Recording } from '../support/upstream/recording';
import type { ServerConnection } from '../support/upstream/scripted-server';
import { turns } from '../support/turns';
import { waitFor } from '../support/wait';

const whole = `${head('Content-Length: 5')}hello`;
const heldToTheEnd = join(__dirname, '../support/upstream/held-to-the-end.ts');
/** More than all buffers between the two ends hold. */
const largeBytes = 32 * 1024 * 1024;

async function answersLarge(connection: ServerConnection): Promise<void> {
  await connection.request();
  connection.send(head(`Content-Length: ${largeBytes}`));
  connection.send(Buffer.alloc(largeBytes, 'x'));
}

describe.each(variants)('$implementation over $transport', (variant) => {
  it('reads nothing more while the handler holds it, which the provider feels', async () => {
    await between(variant, answersLarge, async (client, server) => {
      const recording = new Recording(client, undefined, (event) => event !== 'data');
      await waitFor('the first chunk', () => recording.chunks.length === 1);
      await turns(50);
      expect(recording.events).toEqual(['headers', 'data']);
      expect(server.connections[0]!.socket.writableLength).toBeGreaterThan(0);
      while (!recording.events.includes('end')) {
        recording.call.resume();
        await turns(1);
      }
      expect(recording.body).toHaveLength(largeBytes);
    });
  });

  it('ends no answer before its last bytes are taken', async () => {
    const script = async (connection: ServerConnection): Promise<void> => {
      while (await connection.request()) connection.send(whole);
    };
    await between(variant, script, async (client, server) => {
      const recording = new Recording(client, undefined, (event) => event !== 'data');
      await waitFor('the body', () => recording.events.includes('data'));
      await turns();
      expect(recording.events).toEqual(['headers', 'data']);
      recording.call.resume();
      await recording.over;
      expect(recording.outcome).toEqual({ status: 200, body: 'hello' });
      await turns();
      expect((await post(client)).body).toBe('hello');
      expect(server.connections).toHaveLength(1);
    });
  });

  it('hands out what arrived before the end of the connection, however late it is taken', () => {
    const { implementation, transport } = variant;
    const run = spawnSync(
      process.execPath,
      ['-r', 'ts-node/register/transpile-only', heldToTheEnd, implementation, transport],
      { encoding: 'utf8' },
    );
    // undici asserts that an answer which ends is not held: the provider and a slow client together end the process.
    if (implementation === 'undici') expect(run.stderr).toContain('AssertionError');
    else expect(run).toMatchObject({ status: 0, stdout: '200000' });
  });

  it('takes an answer that trickles in', async () => {
    const script = async (connection: ServerConnection): Promise<void> => {
      await connection.request();
      for (const byte of chunked('5\r\nhello\r\n0\r\n\r\n')) {
        connection.send(byte);
        await turns(3);
      }
    };
    await between(variant, script, async (client) => {
      expect((await post(client)).outcome).toEqual({ status: 200, body: 'hello' });
    });
  });

  it('keeps each chunk as it was when later ones arrive', async () => {
    const pieces = Array.from({ length: 50 }, (_, nth) => String.fromCharCode(65 + (nth % 26)).repeat(100));
    const script = async (connection: ServerConnection): Promise<void> => {
      await connection.request();
      await connection.sendEach([head('Content-Length: 5000'), ...pieces]);
    };
    await between(variant, script, async (client) => {
      expect((await post(client)).body).toBe(pieces.join(''));
    });
  });

  it.each(['with its head', 'with the first bytes', 'with its end'])(
    'takes an abort by the handler together %s',
    async (moment) => {
      const at = { 'with its head': 'headers', 'with the first bytes': 'data', 'with its end': 'end' }[
        moment
      ];
      const script = async (connection: ServerConnection): Promise<void> => {
        while (await connection.request()) connection.send(whole);
      };
      await between(variant, script, async (client, server) => {
        const recording = new Recording(client, undefined, (event, { call }) => {
          if (event === at) call.abort();
          return true;
        });
        await waitFor(`the ${String(at)}`, () => recording.events.at(-1) === at);
        if (at !== 'end') await server.connections[0]!.closed;
        await turns();
        expect(recording.events.at(-1)).toBe(at);
        expect((await post(client)).body).toBe('hello');
      });
    },
  );

  it('takes an abort before the connection is made, and tells nobody', async () => {
    await between(
      variant,
      async (connection) => {
        while (await connection.request()) connection.send(whole);
      },
      async (client) => {
        const recording = new Recording(client);
        recording.call.abort();
        expect((await post(client)).body).toBe('hello');
        await turns();
        expect(recording.events).toEqual([]);
      },
    );
  });

  it.each([
    { phase: 'before the head', bytes: '' },
    { phase: 'within the head', bytes: 'HTTP/1.1 200 OK\r\nConte' },
    { phase: 'before the body', bytes: head('Content-Length: 5') },
    { phase: 'within the body', bytes: `${head('Content-Length: 5')}hel` },
    { phase: 'within a chunk', bytes: chunked('5\r\nhel') },
    { phase: 'before the last chunk', bytes: chunked('5\r\nhello\r\n') },
  ])('closes the connection at once on an abort $phase', async ({ bytes }) => {
    const script = async (connection: ServerConnection): Promise<void> => {
      await connection.request();
      connection.send(bytes);
    };
    await between(variant, script, async (client, server) => {
      const recording = new Recording(client);
      await waitFor('the request', () => server.connections.length === 1);
      await turns();
      const before = [...recording.events];
      recording.call.abort();
      await server.connections[0]!.closed;
      await turns();
      expect(recording.events).toEqual(before);
    });
  });

  it('closes the connection at once on an abort while the handler holds it', async () => {
    await between(variant, answersLarge, async (client, server) => {
      const recording = new Recording(client, undefined, (event) => event !== 'data');
      await waitFor('the first chunk', () => recording.chunks.length === 1);
      recording.call.abort();
      await server.connections[0]!.closed;
      recording.call.resume();
      await turns();
      expect(recording.events).toEqual(['headers', 'data']);
    });
  });
});
