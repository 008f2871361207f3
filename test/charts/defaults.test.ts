import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaults } from '../../charts/config/defaults';
import { unitText } from '../../charts/config/units';

const charts = join(__dirname, '..', '..', 'charts');
const files = [
  'config/types.ts',
  'config/autoscaling-types.ts',
  'config/entry.ts',
  'config/monitoring-types.ts',
  'config/secrets-types.ts',
  'config/backup-types.ts',
  'config/store.ts',
  'config/network-types.ts',
  'config/promise-types.ts',
  'config/region-types.ts',
  'config/failover.ts',
  'config/delivery.ts',
  'stacks/ai-gateway-props.ts',
];

const documented = files.flatMap((file) =>
  [...readFileSync(join(charts, file), 'utf8').matchAll(/@default (.*?)(?: \((\w+)\))?(?: \*\/)?$/gm)].map(
    ([, text, name]) => ({ file, text, name }),
  ),
);

it('is stated in the documentation as it is in the code', () => {
  expect(documented.length).toBeGreaterThan(20);
  for (const { file, text, name } of documented) {
    const value: unknown = defaults[name as keyof typeof defaults];
    expect({ file, name, text }).toEqual({ file, name, text: textOf(value) });
  }
});

it('is documented wherever it exists', () => {
  expect([...new Set(documented.map(({ name }) => name))].sort()).toEqual(Object.keys(defaults).sort());
});

function textOf(value: unknown): string {
  return (typeof value === 'object' && value !== null ? unitText(value) : undefined) ?? String(value);
}
