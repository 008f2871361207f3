import type { Environment } from './config/schema/environment';
import { destinationsOf } from './kit/destinations';
import { formatException } from './policy/exceptions';
import { inEachRegion, prerequisitesOf } from './prerequisites';

/** Nothing is wrong, but whoever deploys this should know. */
export function warningsOf(environment: Environment, today: Date): string[] {
  return [
    // An expired one only warns: an old clone must not break by date.
    ...environment.exceptions.map((exception) => formatException(exception, today)),
    ...tenants(environment),
    ...runbooks(environment),
    ...prerequisitesOf(environment),
    ...inEachRegion(environment, privateStore),
  ];
}

function tenants({ config }: Environment): string[] {
  if (config.access === 'anonymous' || config.tenants.length > 0) return [];
  return [
    'no tenants are configured: every request will be answered 401. `npm run key -- TENANT` makes a key and prints the entry for config.tenants.',
  ];
}

/** Who is paged reads the alert far from this repository. */
function runbooks({ monitoring: { runbookBaseUrl } }: Environment): string[] {
  if (/^https?:\/\/[^/]/.test(runbookBaseUrl)) return [];
  return [
    `monitoring.runbookBaseUrl is ${runbookBaseUrl}, no absolute address: each alert's runbook_url is a dead link for who is paged. Publish docs/runbooks and give its address, like https://runbooks.example.com/gateway.`,
  ];
}

/** A managed Redis has a public name and, nearly always, a private address, which no NetworkPolicy can see. */
function privateStore({ config: { store }, namespace, network }: Environment): string[] {
  const outside = destinationsOf({ providers: [], store }, namespace).find(({ kind }) => kind === 'outside');
  if (outside === undefined) return [];
  const { port } = outside;
  if (network.egress.some((egress) => 'cidr' in egress && egress.port === port)) return [];
  return [
    `config.store.host is outside the cluster, and port ${port} is opened to public addresses only. If it resolves to a private one, name its block: network.egress: [{ cidr, port: ${port} }].`,
  ];
}
