import type { Environment } from './config/schema/environment';
import { formatException } from './policy/exceptions';

/** Nothing is wrong, but whoever deploys this should know. */
export function warningsOf(environment: Environment, today: Date): string[] {
  return [
    // An expired one only warns: an old clone must not break by date.
    ...environment.exceptions.map((exception) => formatException(exception, today)),
    ...tenants(environment),
  ];
}

function tenants({ config }: Environment): string[] {
  if (config.access === 'anonymous' || config.tenants.length > 0) return [];
  return [
    'no tenants are configured: every request will be answered 401. `npm run key -- TENANT` makes a key and prints the entry for config.tenants.',
  ];
}
