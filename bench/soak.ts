/**
 * One gateway process under a steady mix of requests, streams, faults and clients that leave, and what its memory does
 * meanwhile. See README.md.
 *
 * Usage: npm run bench:soak -- [--minutes 10] [--rate 200]
 */
import { metrics } from '../gateway-app/contract/metrics';
import { httpPaths } from '../gateway-app/contract/paths';
import { sumOf } from '../test/support/exposition';
import type { SoakMeasured } from './driver/messages';
import { findCores, machine } from './gateway/machine';
import { startSingleGateway, type SingleGateway } from './gateway/single-gateway';
import { wholeNumbers } from './options';
import { table } from './table';

const faultShare = 0.05;
const sampleMs = 5_000;
/** Until caches are filled and the compiler is done: growth by then is no leak. */
const settledShare = 1 / 3;

interface Sample {
  readonly minutes: number;
  readonly residentBytes: number;
  readonly heapBytes: number;
}

async function sample({ adminPort, use }: SingleGateway, startedMs: number): Promise<Sample> {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}${httpPaths.metrics}`)).text();
  return {
    minutes: (performance.now() - startedMs) / 60_000,
    residentBytes: use()?.residentBytes ?? NaN,
    heapBytes: sumOf(text, metrics.heapUsed.name),
  };
}

/** The line through the samples with the least squares: its slope per minute. */
function slope(samples: readonly Sample[], pick: (one: Sample) => number): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, v) => sum + v, 0) / values.length;
  const meanX = mean(samples.map(({ minutes }) => minutes));
  const meanY = mean(samples.map(pick));
  const covariance = mean(samples.map((one) => (one.minutes - meanX) * (pick(one) - meanY)));
  return covariance / mean(samples.map(({ minutes }) => (minutes - meanX) ** 2));
}

function row(title: string, samples: readonly Sample[], pick: (one: Sample) => number): string[] {
  const settled = samples.slice(Math.floor(samples.length * settledShare));
  const values = settled.map(pick);
  const megabytes = (bytes: number | undefined): string => ((bytes ?? NaN) / 1e6).toFixed(1);
  return [
    title,
    megabytes(values[0]),
    megabytes(values.at(-1)),
    megabytes(Math.min(...values)),
    megabytes(Math.max(...values)),
    megabytes(slope(settled, pick)),
  ];
}

async function main(): Promise<void> {
  const { minutes, rate } = wholeNumbers({
    minutes: { default: 10, most: 600 },
    rate: { default: 200, most: 5_000 },
  });
  const cores = findCores();
  const gateway = await startSingleGateway(cores, faultShare);
  try {
    console.log(machine(cores));
    console.log(
      `${minutes} min of ${rate} requests/s, a tenth of them streams; ${faultShare * 100} % faults\n`,
    );
    const driver = gateway.processes.driver(cores?.rest, `http://127.0.0.1:${gateway.port}`);
    const startedMs = performance.now();
    const samples: Sample[] = [];
    const timer = setInterval(() => {
      void sample(gateway, startedMs).then((one) => samples.push(one));
    }, sampleMs);
    const ends = await driver.tell<SoakMeasured>({ kind: 'soak', perSecond: rate, seconds: minutes * 60 });
    clearInterval(timer);
    console.log(
      table([
        ['MB, after the first third', 'begin', 'end', 'least', 'most', 'slope per min'],
        row('RSS', samples, ({ residentBytes }) => residentBytes),
        row('heap in use', samples, ({ heapBytes }) => heapBytes),
      ]),
    );
    const counted = Object.entries(ends).sort(([, a], [, b]) => b - a);
    console.log(
      `\n${table([['how they ended', 'requests'], ...counted.map(([how, n]) => [how, String(n)])])}`,
    );
  } finally {
    await gateway.stop();
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
