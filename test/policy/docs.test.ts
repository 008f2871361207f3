import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import { checks } from '../../charts/policy/checks';

it('documents every check in docs/policy.md with the words of the code, in its order', () => {
  const page = readFileSync(resolve(__dirname, '../../docs/policy.md'), 'utf8');
  const documented = page.slice(page.indexOf('### '));
  const expected = checks.map(
    ({ id, title, reason, fix }) => `### \`${id}\`\n\n${title}.\n\n- Without it: ${reason}\n- Fix: ${fix}\n`,
  );
  expect(documented).toBe(expected.join('\n'));
});
