/**
 * Rehearses the loss of a region in true time, and prints what was seen beside what the synth computes.
 *
 * Usage: npm run rehearse:failover -- [--scale 1]
 */
import { parseArgs } from 'node:util';
import { type Move, rehearse, type Rehearsal } from '../support/failover/rehearsal';

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { scale: { type: 'string', default: '1' } } });
  const scale = Number(values.scale);
  if (!(scale >= 0.05 && scale <= 1)) {
    throw new Error(
      `--scale is ${values.scale}; it must be from 0.05 to 1, the share of true time that everything takes. Nothing was rehearsed.`,
    );
  }
  process.stdout.write(`${table(await rehearse(scale))}\n`);
}

function table({ scale, clients, computed, failover, changesWhileFlapping, failBack }: Rehearsal): string {
  const row = (what: string, expected: string, seen: string) => `| ${what} | ${expected} | ${seen} |`;
  const upTo = (seconds: number) => `at most ${seconds} s`;
  return [
    `${clients} clients, ${scale === 1 ? 'true time' : `one second stands for ${1 / scale}`}`,
    '',
    row('what', 'computed', 'seen'),
    row('---', '---', '---'),
    ...moveRows('lost', failover, { row, detection: upTo(computed.detection), total: upTo(computed.total) }),
    row('changes of the name while the lost region comes and goes', '0', String(changesWhileFlapping)),
    ...moveRows('back', failBack, { row, detection: upTo(computed.detection), total: upTo(computed.total) }),
  ].join('\n');
}

interface Columns {
  readonly row: (what: string, expected: string, seen: string) => string;
  readonly detection: string;
  readonly total: string;
}

function moveRows(what: string, move: Move, { row, detection, total }: Columns): string[] {
  const seconds = (value: number) => `${value.toFixed(1)} s`;
  return [
    row(`${what}: the name leads elsewhere after`, detection, seconds(move.detected)),
    row(`${what}: the first client is served there after`, '', seconds(move.fastest)),
    row(`${what}: the last client is served there after`, total, seconds(move.slowest)),
    row(`${what}: failed requests until then`, '', `${move.failed} of ${move.requests}`),
  ];
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
