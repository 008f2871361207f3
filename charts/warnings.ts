import type { Environment } from './config/schema/environment';

/** Nothing is wrong, but whoever deploys this should know. */
export function warningsOf(environment: Environment, today: Date): string[] {
  return [...exceptions(environment, today), ...tenants(environment)];
}

/** Expired exceptions only warn: an old clone must not break by date. */
function exceptions({ exceptions }: Environment, today: Date): string[] {
  const day = today.toISOString().slice(0, 10);
  return exceptions.map(({ id, reason, expires }) =>
    expires < day
      ? `exception ${id} has expired on ${expires}: ${reason}. Mend what it excuses, or renew it.`
      : `exception ${id} until ${expires}: ${reason}.`,
  );
}

function tenants({ config }: Environment): string[] {
  if (config.access === 'anonymous' || config.tenants.length > 0) return [];
  return [
    'no tenants are configured: every request will be answered 401. `npm run key -- TENANT` makes a key and prints the entry for config.tenants.',
  ];
}
