import { parseArgs } from 'node:util';
import { SynthError } from './kit/synth-error';
import { formatReport } from './policy/format-report';
import { reportOn } from './policy/report';

const usage = 'npm run policy -- [DIR] [--json] [--strict]';

/** As of `cdk8s synth`, so that a pipeline need not tell the two apart. */
const exitCodes = { passed: 0, notJudged: 1, broken: 2 } as const;

process.exitCode = main();

function main(): number {
  try {
    const { folder, json, strict } = options();
    const today = new Date();
    const report = reportOn(folder, { strict, today });
    process.stdout.write(`${json ? JSON.stringify(report, undefined, 2) : formatReport(report, today)}\n`);
    return report.passed ? exitCodes.passed : exitCodes.broken;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.notJudged;
  }
}

function options(): { folder: string; json: boolean; strict: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, strict: { type: 'boolean', default: false } },
    });
    const [folder = 'dist', ...others] = positionals;
    if (others.length > 0) throw new Error(`${positionals.join(' ')} are several folders`);
    return { folder, ...values };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SynthError(`${message.replace(/\.$/, '')}.`, 'Nothing is judged.', usage);
  }
}
