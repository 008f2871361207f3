/**
 * The gateway's own HTTP/1.1 client beside undici, against one provider. See README.md.
 *
 * Usage: npm run bench:upstream -- [--rounds 3] [--streams 500]
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { selfSigned } from '../test/support/certificate';
import { type Cores, findCores, pinned } from './gateway/machine';
import { median } from './median';
import { table } from './table';
import {
  chunksPerStream,
  requestsInFlight,
  type Order,
  type Ports,
  type RequestsMeasured,
  type StreamsMeasured,
} from './upstream/messages';

const implementations = ['http1', 'undici'] as const;
const secondsPerRound = 1;
/** Until the compiler has seen the hot path. */
const warmUpSeconds = 1;
const maxRounds = 10;
const maxStreams = 3_000;

const children: ChildProcess[] = [];

/** A process that ends with this one, on `core`. */
function start(
  core: number | undefined,
  file: string,
  args: readonly string[],
  certificate: object,
): ChildProcess {
  const [execPath, ...pinning] = pinned(core, [process.execPath]);
  const child = fork(join(__dirname, 'upstream', file), args, {
    execPath,
    execArgv: [...pinning, '-r', 'ts-node/register/transpile-only'],
    env: { ...process.env, ...certificate },
  });
  children.push(child);
  return child;
}

async function tell<Result>(child: ChildProcess, order: Order): Promise<Result> {
  child.send(order);
  return await message<Result>(child);
}

async function message<Result>(child: ChildProcess): Promise<Result> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('A process of the benchmark ended; what it said stands above. Nothing was measured.');
  });
  const [result] = (await Promise.race([once(child, 'message'), ended])) as [Result];
  return result;
}

const medianOf = <Measured>(all: readonly Measured[], pick: (one: Measured) => number): number =>
  median(all.map(pick));

/** Both implementations against one port, in turn. */
async function compare(
  name: string,
  drivers: readonly ChildProcess[],
  rounds: number,
  streams: number,
): Promise<void> {
  const asked = drivers.map((): RequestsMeasured[] => []);
  const streamed = drivers.map((): StreamsMeasured[] => []);
  for (const driver of drivers) await tell(driver, { kind: 'requests', seconds: warmUpSeconds });
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, driver] of drivers.entries()) {
      asked[index]?.push(await tell(driver, { kind: 'requests', seconds: secondsPerRound }));
    }
  }
  for (const [index, driver] of drivers.entries()) {
    streamed[index]?.push(await tell(driver, { kind: 'streams', streams }));
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '3' }, streams: { type: 'string', default: '500' } },
  });
  const rounds = whole('rounds', values.rounds, maxRounds);
  const streams = whole('streams', values.streams, maxStreams);
  const cores: Cores | undefined = findCores();
  const { key, cert } = selfSigned(['127.0.0.1']);
  const ports = await message<Ports>(start(cores?.rest, 'stub.ts', [], { CERT: cert, KEY: key }));
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
      start(cores?.target, 'driver.ts', [implementation, origin], { CERT: cert }),
    );
    await compare(name, drivers, rounds, streams);
    for (const driver of drivers) driver.disconnect();
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
    for (const child of children) if (child.connected) child.disconnect();
  });
