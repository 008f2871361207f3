/**
 * One gateway process on one core, beside nginx as a plain proxy in front of the same provider. See README.md.
 *
 * Usage: npm run bench:gateway -- [--rounds 5] [--seconds 2]
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { answerBytes, requestBytes } from './gateway/exchange';
import { connections, Load, type Measurement } from './gateway/load';
import { findCores, which } from './gateway/machine';
import { ratio, table } from './gateway/report';
import { bundleGateway, startTargets } from './gateway/targets';

/** Until the compiler has seen the hot path; what it does before is start-up and not throughput. */
const warmUpSeconds = 3;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, seconds: { type: 'string', default: '2' } },
  });
  const [roundCount, seconds] = [positive('rounds', values.rounds), positive('seconds', values.seconds)];
  const wrk = which('wrk');
  if (wrk === undefined)
    throw new Error('wrk is missing: without it there is no load. Install the package wrk.');
  const nginx = which('nginx');
  const cores = findCores();

  const gatewayFile = await bundleGateway();
  const directory = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const targets = await startTargets(directory, gatewayFile, nginx, cores);
  try {
    const measured = [targets.gateway, targets.nginx, targets.direct].filter(
      (target) => target !== undefined,
    );
    const load = new Load(directory, wrk, cores?.rest);
    await load.measure(targets.gateway, warmUpSeconds);
    const rounds = new Map(measured.map(({ name }) => [name, [] as Measurement[]]));
    for (let round = 0; round < roundCount; round += 1) {
      for (const target of measured) rounds.get(target.name)?.push(await load.measure(target, seconds));
    }
    console.log(
      `Node ${process.version}; ${connections} connections; ${requestBytes}-byte request, ${answerBytes}-byte answer;` +
        ` ${roundCount} rounds of ${seconds} s for each`,
    );
    console.log(
      cores === undefined
        ? 'NOT PINNED (no taskset, or one core): the figures say little.'
        : `One process under test on core ${cores.target}; load and provider on core ${cores.rest}`,
    );
    console.log(`\n${table(rounds)}\n`);
    if (nginx === undefined) console.log('nginx is missing: no ratio to it.');
    else console.log(ratio(rounds, 'gateway', 'nginx'));
    console.log(ratio(rounds, 'direct', 'gateway'));
  } finally {
    await targets.stop();
  }
}

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 1 && number <= 60) return number;
  throw new Error(`--${name} is ${text}; it must be a whole number from 1 to 60. Nothing was measured.`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
