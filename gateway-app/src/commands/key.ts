import { createHash, randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { headers } from '../../contract/headers';
import { checkConfig } from '../config/load';
import { InvalidInput } from '../../contract/validate';

/** 256 bits: no hash of it can be turned back by guessing, so the plain SHA-256 in the configuration gives nothing away. */
const keyBytes = 32;

const missingTenant = {
  path: 'TENANT',
  value: 'nothing',
  rule: "must be the tenant's name",
  fix: 'call it as "npm run key -- TENANT"',
};

/**
 * Makes a key for a tenant. The key itself is in the text returned and nowhere else.
 *
 * @throws InvalidInput where the tenant's name cannot stand in a configuration.
 */
export function newKey(tenant: string): string {
  const key = `gw-${randomBytes(keyBytes).toString('base64url')}`;
  const entry = { name: tenant, keys: [{ sha256: createHash('sha256').update(key).digest('hex') }] };
  checkConfig(
    {
      version: 1,
      providers: [{ name: 'any', kind: 'echo' }],
      models: [{ name: 'any', targets: [{ provider: 'any', model: 'any' }] }],
      tenants: [entry],
    },
    'development',
    'The new tenant',
    'No key was made.',
  );
  return [
    `The key, shown this once. The client sends it as "${headers.authorization}: Bearer <key>":`,
    '',
    key,
    '',
    'For the configuration file (below `tenants:`):',
    '',
    stringify([entry]),
  ].join('\n');
}

if (require.main === module) {
  const [tenant] = process.argv.slice(2);
  try {
    if (tenant === undefined) throw new InvalidInput('The command line', [missingTenant], 'No key was made.');
    process.stdout.write(newKey(tenant));
  } catch (error) {
    process.stderr.write(`${error instanceof InvalidInput ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
