import { adminPaths } from '../../contract/admin';
import { logLevels } from '../../contract/env';
import { GatewayError } from '../core/gateway-error';
import type { Operations } from './admin-operations';
import { redacted } from './admin-redaction';

export interface ActionResult {
  readonly status: number;
  readonly body: object;
  /** What was changed, for the audit. */
  readonly change?: object;
}

export interface AdminAction {
  /** Its name in the audit. */
  readonly name: string;
  readonly method: 'GET' | 'POST' | 'PUT';
  /** It reads a JSON body. */
  readonly hasBody: boolean;
  run(operations: Operations, body: unknown): ActionResult | Promise<ActionResult>;
}

function read(name: string, view: (operations: Operations) => object): AdminAction {
  const run = (operations: Operations): ActionResult => ({ status: 200, body: view(operations) });
  return { name, method: 'GET', hasBody: false, run };
}

/** The actions by path. */
export const adminActions: ReadonlyMap<string, AdminAction> = new Map<string, AdminAction>([
  [adminPaths.config, read('config.read', ({ config }) => redacted(config) as object)],
  [adminPaths.targets, read('targets.read', (operations) => ({ targets: targets(operations) }))],
  [adminPaths.tenants, { name: 'tenants.read', method: 'GET', hasBody: false, run: readTenants }],
  [
    adminPaths.drain,
    {
      name: 'drain',
      method: 'POST',
      hasBody: false,
      run: (operations) => {
        operations.drain();
        return { status: 202, body: { status: 'draining' } };
      },
    },
  ],
  [adminPaths.logLevel, { name: 'log_level.set', method: 'PUT', hasBody: true, run: setLogLevel }],
]);

function targets({ config, breakers }: Operations): object[] {
  const providers = new Map(config.providers.map((provider) => [provider.name, provider]));
  return config.models.flatMap(({ name, targets }) =>
    targets.map((target) => ({
      model: name,
      target,
      provider: redacted(providers.get(target.provider)),
      breaker: breakers.view(target.provider, target.model),
    })),
  );
}

async function readTenants(operations: Operations): Promise<ActionResult> {
  const { global, byTenant } = await operations.usage();
  const tenants = operations.config.tenants.map((tenant) => ({
    ...(redacted(tenant) as object),
    usage: byTenant.get(tenant.name),
  }));
  return { status: 200, body: { tenants, global } };
}

function setLogLevel(operations: Operations, body: unknown): ActionResult {
  const wanted = (body as { level?: unknown } | null)?.level;
  const level = logLevels.find((known) => known === wanted);
  if (level === undefined) {
    throw new GatewayError('invalid_request', {
      detail: `"level" must be one of ${logLevels.join(', ')}.`,
      param: 'level',
    });
  }
  const before = operations.logLevel;
  operations.setLogLevel(level);
  return { status: 200, body: { level }, change: { logLevel: [before, level] } };
}
