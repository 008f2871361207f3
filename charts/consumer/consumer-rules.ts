import type { ConsumerRoute } from '../config/consumer-types';
import type { Environment } from '../config/schema/environment';
import type { Problem } from '../../gateway-app/contract/validate';

export interface CheckedConsumer {
  readonly tenant: string;
  readonly models: Readonly<Record<string, string>>;
  readonly route: ConsumerRoute;
  readonly namespace: string | undefined;
}

/** What the compiler cannot see, or was not asked: the environment's names, and where the workload lives. */
export function consumerProblems(environment: Environment, consumer: CheckedConsumer): Problem[] {
  return [...tenantProblems(environment, consumer), ...routeProblems(environment, consumer)];
}

function tenantProblems({ config }: Environment, { tenant, models }: CheckedConsumer): Problem[] {
  const entry = config.tenants.find(({ name }) => name === tenant);
  if (entry === undefined) {
    return [
      {
        path: 'tenant',
        value: JSON.stringify(tenant),
        rule: `must be a tenant of the environment (${list(config.tenants.map(({ name }) => name))}), since the gateway would answer 401`,
        fix: 'correct the name, or ask for a tenant: `npm run key -- TENANT` prints its entry',
      },
    ];
  }
  const misnamed = Object.keys(models)
    .filter((variable) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(variable))
    .map((variable) => ({
      path: 'models',
      value: JSON.stringify(variable),
      rule: 'must be the name of an environment variable, in letters, digits and underscores',
      fix: 'write it like CHAT_MODEL',
    }));
  const allowed = entry.models ?? config.models.map(({ name }) => name);
  const refused = Object.entries(models)
    .filter(([, model]) => !allowed.includes(model))
    .map(([variable, model]) => ({
      path: `models.${variable}`,
      value: JSON.stringify(model),
      rule: `must be a model that ${tenant} may use (${list(allowed)}), since the gateway would refuse it`,
      fix: "choose one of them, or add it to the tenant's models",
    }));
  return [...misnamed, ...refused];
}

function routeProblems({ host, network }: Environment, { route, namespace }: CheckedConsumer): Problem[] {
  if (namespace === undefined) {
    return [
      {
        path: 'workload',
        value: 'an object without a namespace',
        rule: 'must have a namespace, where its Secret and NetworkPolicy are made',
        fix: 'give it one, or give its chart one',
      },
    ];
  }
  if (route === 'entry') {
    if (host !== undefined) return [];
    return [
      {
        path: 'route',
        value: '"entry"',
        rule: 'must be "direct" where the environment has no host',
        fix: 'write "direct", or give the environment its host',
      },
    ];
  }
  if (network.consumers.includes(namespace)) return [];
  return [
    {
      path: 'route',
      value: '"direct"',
      rule: `must be "entry" for the namespace ${namespace}, which network.consumers of the environment does not name: the gateway would drop its connections`,
      fix: `write "entry", or add "${namespace}" to network.consumers there`,
    },
  ];
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}
