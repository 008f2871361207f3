/**
 * The gateway's own HTTP/1.1 client beside undici, against one provider. See README.md.
 *
 * Usage: npm run bench:upstream -- [--rounds 3] [--streams 500]
 */
import { parseArgs } from 'node:util';
import { selfSigned } from '../test/support/certificate';
import { requestsInFlight, type RequestsMeasured, type StreamsMeasured } from './driver/messages';
import { type Driver, Processes } from './driver/processes';
import { chunksPerStream, plainModel } from './gateway/exchange';
import { type Cores, findCores } from './gateway/machine';
import { median } from './median';
import { table } from './table';

const implementations = ['http1', 'undici'] as const;
const secondsPerRound = 1;
/** Until the compiler has seen the hot path. */
const warmUpSeconds = 1;
const maxRounds = 10;
const maxStreams = 3_000;

const medianOf = <Measured>(all: readonly Measured[], pick: (one: Measured) => number): number =>
  median(all.map(pick));

/** Both implementations against one port, in turn. */
async function compare(
  name: string,
  drivers: readonly Driver[],
  rounds: number,
  streams: number,
): Promise<void> {
  const asked = drivers.map((): RequestsMeasured[] => []);
  const streamed = drivers.map((): StreamsMeasured[] => []);
  for (const driver of drivers) await driver.tell({ kind: 'requests', seconds: warmUpSeconds });
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, driver] of drivers.entries()) {
      asked[index]?.push(await driver.tell({ kind: 'requests', seconds: secondsPerRound }));
    }
  }
  for (const [index, driver] of drivers.entries()) {
    streamed[index]?.push(await driver.tell({ kind: 'streams', streams, model: plainModel }));
  }
  const columns: [string, number, (index: number) => number][] = [
    ['requests/s', 0, (index) => medianOf(asked[index] ?? [], (one) => one.requestsPerSecond)],
    ['CPU us/request', 1, (index) => medianOf(asked[index] ?? [], (one) => one.cpuUsPerRequest)],
    ['chunks delivered', 0, (index) => medianOf(streamed[index] ?? [], (one) => one.chunksDelivered)],
    ['CPU us/chunk', 1, (index) => medianOf(streamed[index] ?? [], (one) => one.cpuUsPerChunk)],
    ['first chunk p50 ms', 2, (index) => medianOf(streamed[index] ?? [], (one) => one.firstChunkP50Ms)],
    ['p99 ms', 2, (index) => medianOf(streamed[index] ?? [], (one) => one.firstChunkP99Ms)],
    ['RSS MB', 0, (index) => medianOf(streamed[index] ?? [], (one) => one.residentBytes) / 1e6],
  ];
  const line = (title: string, cell: (column: (typeof columns)[number]) => string): string[] => [
    title,
    ...columns.map(cell),
  ];
  console.log(
    `\n${table([
      line(name, ([title]) => title),
      ...implementations.map((implementation, index) =>
        line(implementation, ([, digits, value]) => value(index).toFixed(digits)),
      ),
      line('http1 / undici', ([, , value]) => (value(0) / value(1)).toFixed(2)),
    ])}`,
  );
}

const processes = new Processes(selfSigned(['127.0.0.1']));

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, streams: { type: 'string', default: '500' } },
  });
  const rounds = whole('rounds', values.rounds, maxRounds);
  const streams = whole('streams', values.streams, maxStreams);
  const cores: Cores | undefined = findCores();
  const ports = await processes.provider(cores?.rest);
  console.log(
    `Node ${process.version}; ${requestsInFlight} requests in flight, ${rounds} rounds of ${secondsPerRound} s;` +
      ` ${streams} streams of ${chunksPerStream} chunks = ${streams * chunksPerStream}`,
  );
  if (cores === undefined) console.log('NOT PINNED (no taskset, or one core): the figures say little.');
  for (const [name, origin] of [
    ['plain', `http://127.0.0.1:${ports.plain}`],
    ['TLS', `https://127.0.0.1:${ports.tls}`],
  ] as const) {
    const drivers = implementations.map((implementation) =>
      processes.driver(cores?.target, origin, implementation),
    );
    await compare(name, drivers, rounds, streams);
    for (const driver of drivers) driver.stop();
  }
}

function whole(name: string, text: string, most: number): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= most) return number;
  throw new Error(`--${name} is ${text}; it must be a whole number from 1 to ${most}. Nothing was measured.`);
}

main()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  })
  .finally(() => {
    processes.stop();
  });
