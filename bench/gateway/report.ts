import { median } from '../median';
import { table as layOut } from '../table';
import type { Measurement } from './load';

export type Rounds = ReadonlyMap<string, readonly Measurement[]>;

const columns: readonly [string, (m: Measurement) => number | undefined, number][] = [
  ['requests/s', (m) => m.requestsPerSecond, 0],
  ['p50 ms', (m) => m.p50Ms, 2],
  ['p99 ms', (m) => m.p99Ms, 2],
  ['CPU us/request', (m) => m.cpuUsPerRequest, 1],
  ['RSS MB', (m) => m.residentBytes && m.residentBytes / 1e6, 0],
];

/** One line per target: the medians over the rounds. */
export function table(rounds: Rounds): string {
  const head = ['', ...columns.map(([title]) => title)];
  const rows = [...rounds].map(([name, measurements]) => [
    name,
    ...columns.map(([, pick, digits]) => {
      const values = measurements.map(pick).filter((value) => value !== undefined);
      return values.length === 0 ? '-' : median(values).toFixed(digits);
    }),
  ]);
  return layOut([head, ...rows]);
}

/**
 * The ratio of two targets' requests per second, taken within each round: the speed of a shared machine drifts by half
 * from minute to minute, and a ratio of neighbours drifts little.
 */
export function ratio(rounds: Rounds, numerator: string, denominator: string): string {
  const rates = (name: string) => (rounds.get(name) ?? []).map((m) => m.requestsPerSecond);
  const below = rates(denominator);
  const ratios = rates(numerator).map((rate, round) => rate / (below[round] ?? NaN));
  const [low, high] = [Math.min(...ratios), Math.max(...ratios)];
  return `${numerator} / ${denominator}: ${median(ratios).toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)} over the rounds)`;
}

/** The same of the CPU time that each needs for a request: where the machine is busy, this ratio still holds. */
export function cpuRatio(rounds: Rounds, numerator: string, denominator: string): string {
  const cpu = (name: string): number =>
    median((rounds.get(name) ?? []).flatMap(({ cpuUsPerRequest }) => cpuUsPerRequest ?? []));
  return `${numerator} / ${denominator} by CPU time: ${(cpu(denominator) / cpu(numerator)).toFixed(2)}`;
}
