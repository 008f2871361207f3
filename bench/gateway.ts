/**
 * One gateway process on one core, beside nginx as a plain proxy and Portkey in front of the same provider. See README.md.
 *
 * Usage: npm run bench:gateway -- [--rounds 5] [--seconds 2] [--rate 2000]
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../test/support/certificate';
import type { PacedMeasured } from './driver/messages';
import { Processes } from './driver/processes';
import { answerBytes, requestBytes } from './gateway/exchange';
import { bundleGateway } from './gateway/gateway-under-test';
import { connections, Load, type Measurement, type Target } from './gateway/load';
import { type Cores, findCores, machine, which } from './gateway/machine';
import { fetchPortkey, portkeyTitle } from './gateway/portkey';
import { cpuRatio, ratio, table } from './gateway/report';
import { folderIn, startTargets } from './gateway/targets';
import { median } from './median';
import { wholeNumbers } from './options';
import { table as layOut } from './table';

/** Until the compiler has seen the hot path; what it does before is start-up and not throughput. */
const warmUpSeconds = 5;
const pacedSeconds = 3;
const pacedRounds = 3;

const processes = new Processes(selfSigned(['127.0.0.1']));

async function main(): Promise<void> {
  const options = wholeNumbers({
    rounds: { default: 5, most: 60 },
    seconds: { default: 2, most: 60 },
    rate: { default: 2_000, most: 20_000 },
  });
  const wrk = which('wrk');
  if (wrk === undefined)
    throw new Error('wrk is missing: without it there is no load. Install the package wrk.');
  const cores = findCores();
  const directory = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const portkeyFile = await fetchPortkey(folderIn(directory, 'portkey'));
  const installed = { gatewayFile: await bundleGateway(), nginx: which('nginx'), portkeyFile };
  const targets = await startTargets(directory, installed, cores);
  try {
    console.log(machine(cores));
    const load = new Load(directory, wrk, cores?.rest);
    const measured = [targets.gateway, targets.nginx, targets.portkey, targets.direct].filter(
      (target) => target !== undefined,
    );
    await saturate(load, measured, options);
    await pace(targets.gateway, targets.direct, options.rate, cores);
  } finally {
    processes.stop();
    await targets.stop();
  }
}

/** As many requests as each target answers, in turn. */
async function saturate(
  load: Load,
  targets: readonly Target[],
  { rounds: roundCount, seconds }: { readonly rounds: number; readonly seconds: number },
): Promise<void> {
  const rounds = new Map(targets.map(({ name }) => [name, [] as Measurement[]]));
  const measure = async (target: Target, forSeconds: number): Promise<Measurement | undefined> => {
    if (!rounds.has(target.name)) return undefined;
    try {
      return await load.measure(target, forSeconds);
    } catch (error) {
      // Another gateway's failures must not hide what this one was measured for.
      if (target.name !== portkeyTitle) throw error;
      console.log(`${String(error)} It is left out.`);
      rounds.delete(target.name);
      return undefined;
    }
  };
  for (const target of targets) if (target.pid !== undefined) await measure(target, warmUpSeconds);
  for (let round = 0; round < roundCount; round += 1) {
    for (const target of targets) {
      const measured = await measure(target, seconds);
      if (measured !== undefined) rounds.get(target.name)?.push(measured);
    }
  }
  console.log(
    `\n${connections} connections; ${requestBytes}-byte request, ${answerBytes}-byte answer;` +
      ` ${roundCount} rounds of ${seconds} s for each\n\n${table(rounds)}\n`,
  );
  const against = (name: string): string =>
    rounds.has(name)
      ? `${ratio(rounds, 'gateway', name)}; ${cpuRatio(rounds, 'gateway', name)}`
      : `${name}: not here, so no ratio to it.`;
  console.log(against('nginx'));
  console.log(against(portkeyTitle));
  console.log(ratio(rounds, 'direct', 'gateway'));
}

/** A steady rate: the time that the gateway adds to each request, and not how long its queue is. */
async function pace(
  gateway: Target,
  direct: Target,
  perSecond: number,
  cores: Cores | undefined,
): Promise<void> {
  const lines = [direct, gateway].map((target) => ({
    target,
    driver: processes.driver(cores?.rest, `http://127.0.0.1:${target.port}`),
    measured: [] as PacedMeasured[],
  }));
  for (let round = 0; round <= pacedRounds; round += 1) {
    for (const { driver, measured } of lines) {
      const result = await driver.tell<PacedMeasured>({ kind: 'paced', perSecond, seconds: pacedSeconds });
      // The first is warm-up.
      if (round > 0) measured.push(result);
    }
  }
  const cells = (pick: (one: PacedMeasured) => number): number[] =>
    lines.map(({ measured }) => median(measured.map(pick)));
  const [p50, p99] = [cells(({ p50Ms }) => p50Ms), cells(({ p99Ms }) => p99Ms)];
  const added = (values: readonly number[]): string => ((values[1] ?? NaN) - (values[0] ?? NaN)).toFixed(2);
  console.log(
    `\n${layOut([
      [`${perSecond} requests/s`, 'p50 ms', 'p99 ms'],
      ...lines.map(({ target }, at) => [
        target.name,
        (p50[at] ?? NaN).toFixed(2),
        (p99[at] ?? NaN).toFixed(2),
      ]),
      ['added', added(p50), added(p99)],
    ])}`,
  );
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
