/**
 * Many streams through one gateway process on one core, beside the same streams straight from the provider. See README.md.
 *
 * Usage: npm run bench:streams -- [--rounds 3] [--most 2000]
 */
import type { StreamsMeasured } from './driver/messages';
import type { Driver } from './driver/processes';
import { chunkBytes, chunkIntervalMs, chunksPerStream, plainModel, tlsModel } from './gateway/exchange';
import { findCores, machine } from './gateway/machine';
import { startSingleGateway, type SingleGateway } from './gateway/single-gateway';
import { median } from './median';
import { wholeNumbers } from './options';
import { table } from './table';

const counts = [500, 2_000, 3_000];
const warmUpStreams = 200;

interface Measured {
  readonly direct: StreamsMeasured;
  readonly gateway: StreamsMeasured;
  readonly cpuUs: number;
  readonly seconds: number;
  readonly residentBytes: number;
}

const columns: readonly [string, (one: Measured) => number, number][] = [
  ['delivered %', ({ gateway: g }) => (g.chunksDelivered / g.chunksExpected) * 100, 1],
  ['failed', ({ gateway }) => gateway.failed, 0],
  ['CPU us/chunk', ({ gateway, cpuUs }) => cpuUs / gateway.chunksDelivered, 1],
  ['cores', ({ cpuUs, seconds }) => cpuUs / 1e6 / seconds, 2],
  ['RSS MB', ({ residentBytes }) => residentBytes / 1e6, 0],
  ['first p50 ms', ({ gateway }) => gateway.firstChunkP50Ms, 2],
  ['p99 ms', ({ gateway }) => gateway.firstChunkP99Ms, 1],
  ['direct p50 ms', ({ direct }) => direct.firstChunkP50Ms, 2],
  ['p99 ms', ({ direct }) => direct.firstChunkP99Ms, 1],
  ['direct s', ({ direct }) => direct.seconds, 1],
  ['gateway s', ({ gateway }) => gateway.seconds, 1],
];

async function measure(
  { use }: SingleGateway,
  direct: Driver,
  through: Driver,
  streams: number,
  model: string,
): Promise<Measured> {
  const order = { kind: 'streams', streams, model } as const;
  const asked = await direct.tell<StreamsMeasured>(order);
  const before = use();
  const startedMs = performance.now();
  const gateway = await through.tell<StreamsMeasured>(order);
  const seconds = (performance.now() - startedMs) / 1000;
  const after = use();
  const cpuUs = (after?.cpuUs ?? NaN) - (before?.cpuUs ?? NaN);
  return { direct: asked, gateway, cpuUs, seconds, residentBytes: after?.residentBytes ?? NaN };
}

async function main(): Promise<void> {
  const { rounds, most } = wholeNumbers({
    rounds: { default: 3, most: 20 },
    most: { default: 2_000, most: 3_000 },
  });
  const cores = findCores();
  const gateway = await startSingleGateway(cores);
  try {
    console.log(machine(cores));
    console.log(
      `Streams of ${chunksPerStream} chunks of ${chunkBytes} bytes, one each ${chunkIntervalMs} ms, all opened within 1 s;` +
        ` ${rounds} rounds\n`,
    );
    const { processes, provider } = gateway;
    const through = processes.driver(cores?.rest, `http://127.0.0.1:${gateway.port}`);
    const lines: string[][] = [];
    for (const [name, origin, model] of [
      ['plain', `http://127.0.0.1:${provider.plain}`, plainModel],
      ['TLS', `https://127.0.0.1:${provider.tls}`, tlsModel],
    ] as const) {
      const direct = processes.driver(cores?.rest, origin);
      await measure(gateway, direct, through, warmUpStreams, model);
      for (const streams of counts.filter((count) => count <= most)) {
        const measured: Measured[] = [];
        for (let round = 0; round < rounds; round += 1) {
          measured.push(await measure(gateway, direct, through, streams, model));
        }
        lines.push([
          `${streams} ${name}`,
          ...columns.map(([, pick, digits]) => median(measured.map(pick)).toFixed(digits)),
        ]);
      }
    }
    console.log(table([['streams', ...columns.map(([title]) => title)], ...lines]));
  } finally {
    await gateway.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
