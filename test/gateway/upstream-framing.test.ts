import { faulty, cutOff } from '../support/upstream/faulty-answers';
import { head, type FramingCase } from '../support/upstream/framing-case';
import { between, variants } from '../support/upstream/implementations';
import { closing, reusable } from '../support/upstream/orderly-answers';
import { post, Recording } from '../support/upstream/recording';
import { turns } from '../support/turns';

/** Byte by byte, unless that would take minutes. */
const small = (bytes: string): Iterable<string> =>
  bytes.length < 1000 ? bytes : (bytes.match(/.{1,999}/gs) ?? []);

const second = `${head('Content-Length: 6')}second`;

describe.each(variants)('$implementation over $transport', (variant) => {
  /** The case's bytes answer the first request, whole or one by one; another request shows what became of the connection. */
  async function check(framing: FramingCase, expectedReuse: boolean): Promise<void> {
    const different = variant.implementation === 'undici' ? framing.undici : undefined;
    for (const pieces of [[framing.bytes], small(framing.bytes)]) {
      let sent: () => void;
      const allSent = new Promise<void>((resolve) => (sent = resolve));
      await between(
        variant,
        async (connection, index) => {
          await connection.request();
          if (index > 0) {
            connection.send(second);
            return;
          }
          await connection.sendEach(pieces);
          if (framing.closes) connection.end();
          sent();
          if (await connection.request()) connection.send(second);
        },
        async (client, server) => {
          const recording = new Recording(client);
          await allSent;
          if (different?.outcome === 'none') {
            await turns();
            expect(recording.events).toEqual([]);
            recording.call.abort();
          } else {
            await recording.over;
            expect(recording.outcome).toEqual(different?.outcome ?? framing.outcome);
          }
          await turns();
          expect((await post(client)).body).toBe('second');
          expect(server.connections.length === 1).toBe(different?.reused ?? expectedReuse);
        },
      );
    }
  }

  it.each(reusable)('takes $name, and uses the connection again', async (framing) => {
    await check(framing, true);
  });

  it.each(closing)('takes $name, and does not use the connection again', async (framing) => {
    await check(framing, false);
  });

  it.each(faulty)('judges an answer with $name', async (framing) => {
    await check(framing, false);
  });

  it.each(cutOff)('reports an answer cut off $name', async (framing) => {
    await check(framing, false);
  });
});
