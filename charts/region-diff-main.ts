import { parseArgs } from 'node:util';
import { InvalidInput } from '../gateway-app/contract/validate';
import { SynthError } from './kit/synth-error';
import { loadEnvironment } from './load-environment';
import { columns } from './policy/columns';
import { regionDifferences, type RegionDifference } from './region-diff';

const usage = 'npm run diff:regions -- REGION REGION [--environment NAME|PATH]';

process.exitCode = main();

function main(): number {
  try {
    const { left, right, environment } = options();
    const differences = regionDifferences(loadEnvironment(environment).input, left, right);
    console.log(differences.length === 0 ? 'No difference.' : table(left, right, differences));
    return 0;
  } catch (error) {
    console.error(error instanceof InvalidInput || error instanceof SynthError ? error.message : error);
    return 1;
  }
}

function options(): { left: string; right: string; environment: string } {
  const refuse = (what: string) => new SynthError(what, 'Nothing is compared.', usage);
  let parsed;
  try {
    parsed = parseArgs({
      options: { environment: { type: 'string', default: 'production' } },
      allowPositionals: true,
    });
  } catch (error) {
    throw refuse(`${error instanceof Error ? error.message.replace(/\.$/, '') : String(error)}.`);
  }
  const [left, right, ...rest] = parsed.positionals;
  if (left === undefined || right === undefined || rest.length > 0) {
    throw refuse(`${parsed.positionals.length} regions are given, not two.`);
  }
  return { left, right, environment: parsed.values.environment };
}

function table(left: string, right: string, differences: readonly RegionDifference[]): string {
  return columns([
    ['object', 'field', left, right, 'because of'],
    ...differences.map((difference) => [
      difference.object,
      difference.path,
      shown(difference.left),
      shown(difference.right),
      difference.causes.join(', ') || 'several fields together',
    ]),
  ]);
}

/** A value on one line, or that there is none. */
function shown(value: unknown): string {
  const text = value === undefined ? '-' : JSON.stringify(value).replace(/^"|"$/g, '').replace(/\s+/g, ' ');
  return text.length > 48 ? `${text.slice(0, 45)}...` : text;
}
