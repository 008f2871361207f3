import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { InvalidInput } from '../gateway-app/contract/validate';
import { judge } from './judge';
import { SynthError } from './kit/synth-error';
import { loadEnvironment } from './load-environment';
import { table } from './output/table';
import { writeOutput } from './output/write';
import { markdownOf } from './promises/markdown';
import { notesOf } from './promises/notes';
import { synthesize } from './synthesize';

const usage = 'npm run synth -- [--environment NAME|PATH] [--out FOLDER]';

process.exitCode = main();

function main(): number {
  try {
    const { environment, out } = options();
    const { path, input } = loadEnvironment(environment);
    const { folders, warnings, report, policy } = synthesize(input, {
      subject: relative(process.cwd(), path),
    });
    judge(folders, policy);
    writeOutput(out, folders, policy, {
      'report.json': `${JSON.stringify(report, undefined, 2)}\n`,
      'report.md': markdownOf(report),
    });
    console.log(table(relative(process.cwd(), out) || out, folders));
    for (const note of notesOf(report)) console.log(note);
    // cdk8s-cli swallows standard output.
    for (const warning of warnings) console.error(`warning: ${warning}`);
    return 0;
  } catch (error) {
    console.error(error instanceof InvalidInput || error instanceof SynthError ? error.message : error);
    return 1;
  }
}

function options(): { environment: string; out: string } {
  try {
    const { values } = parseArgs({
      options: {
        environment: { type: 'string', default: 'production' },
        // cdk8s-cli names the folder that it reads afterwards.
        out: { type: 'string', default: process.env['CDK8S_OUTDIR'] ?? 'dist' },
      },
    });
    return values;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SynthError(`${message.replace(/\.$/, '')}.`, 'No manifest is written.', usage);
  }
}
