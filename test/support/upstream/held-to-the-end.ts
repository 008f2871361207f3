/**
 * Lets an answer that ends with its connection end while its handler holds it, and prints how many bytes came. A process of
 * its own, as one of the implementations does not survive it.
 *
 * Usage: node held-to-the-end.js IMPLEMENTATION TRANSPORT
 */
import { turns } from '../turns';
import { head } from './framing-case';
import { between, variants } from './implementations';
import { Recording } from './recording';

const [implementation, transport] = process.argv.slice(2);
const variant = variants.find((one) => one.implementation === implementation && one.transport === transport)!;

void between(
  variant,
  async (connection) => {
    await connection.request();
    connection.send(head());
    await turns();
    for (let nth = 0; nth < 20; nth += 1) connection.send('x'.repeat(10_000));
    connection.end();
  },
  async (client) => {
    const recording = new Recording(client, undefined, (event) => event !== 'data');
    while (!recording.events.includes('end') && recording.failure === undefined) {
      await turns(20);
      recording.call.resume();
    }
    process.stdout.write(String(recording.body.length));
  },
);
