import { parseArgs } from 'node:util';
import type { ChainSummary } from '../audit/finding';
import { inOrderOfTime, linesOf } from '../audit/line-files';
import { Verifier, type KnownHead, type Report } from '../audit/verifier';

const usage = `Usage: npm run audit:verify -- [--mixed] [--partial] [--head HASH | --head CHAIN:SEQUENCE]... FILE...

Checks the hash chains in audit files. Give all files of a rotation at once, in any order.
  --mixed    skip log lines: the input is the standard output of one or more pods
  --partial  the input is a part of a longer stream, so that a chain may begin anywhere in it
  --head     a last line known from elsewhere, which must be there; else a cut at the end cannot be seen

Exit code: 0 the chains are whole, 1 they are not, 2 the command or a file cannot be read.
`;

const exitCodes = { whole: 0, broken: 1, unusable: 2 } as const;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      mixed: { type: 'boolean', default: false },
      partial: { type: 'boolean', default: false },
      head: { type: 'string', multiple: true, default: [] },
    },
  });
  if (positionals.length === 0) throw new Error('No file was given.');
  const { mixed, partial, head } = values;
  const verifier = new Verifier({ mixed, partial, heads: head.map(knownHead) });
  for (const file of await inOrderOfTime(positionals)) {
    for await (const { bytes, place } of linesOf(file)) verifier.read(bytes, place);
  }
  const report = verifier.finish();
  process.stdout.write(reportText(report));
  return report.findings.length === 0 ? exitCodes.whole : exitCodes.broken;
}

/** @throws Error where it is of neither form. */
function knownHead(text: string): KnownHead {
  if (/^[0-9a-f]{64}$/.test(text)) return { hash: text };
  const [, chain, sequence] = /^(.+):(\d{1,15})$/.exec(text) ?? [];
  if (chain !== undefined && sequence !== undefined) return { chain, sequence: Number(sequence) };
  throw new Error(`--head ${text} is neither a hash of 64 hexadecimal digits nor CHAIN:SEQUENCE.`);
}

function reportText({ findings, chains, auditLines, skippedLines }: Report): string {
  const lines = [
    ...findings.map(({ fault, place, message }) => `${place.file}:${place.line}: ${fault}: ${message}`),
    ...chains.map(chainText),
    `${findings.length === 0 ? 'WHOLE' : 'BROKEN'}: ${count(findings.length, 'finding')}, ${count(auditLines, 'audit line')}, ` +
      `${count(chains.length, 'chain')}, ${count(skippedLines, 'line')} of other kinds skipped`,
  ];
  return `${lines.join('\n')}\n`;
}

function chainText({
  chain,
  firstSequence,
  lastSequence,
  lastHash,
  lastTime,
  ended,
  lostRecords,
}: ChainSummary): string {
  const end = ended
    ? 'ended by its process'
    : 'without an end: its process runs, was killed, or lines at the end were cut off';
  const lost =
    lostRecords === 0 ? '' : `; ${count(lostRecords, 'record')} never written, as the chain says itself`;
  return `chain ${chain}: sequence ${firstSequence} to ${lastSequence} (${lastTime}), ${end}${lost}; head ${lastHash}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${usage}`);
    process.exitCode = exitCodes.unusable;
  },
);
