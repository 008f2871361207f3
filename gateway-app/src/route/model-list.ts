import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Tenant } from '../core/request-context';
import type { RequestStage } from '../core/stage';

/** Answers `GET /v1/models` with the models that the tenant may use. Other requests pass. */
export function modelList(config: RuntimeConfig): RequestStage {
  const createdSeconds = Math.floor(Date.now() / 1000);
  const bodies = new Map<string, string>();

  const list = (tenant: Tenant): string => {
    const data = config.models
      .filter(({ name }) => tenant.models?.has(name) ?? true)
      .map(({ name, targets }) => ({
        id: name,
        object: 'model',
        created: createdSeconds,
        // Of several, the one that the list names first.
        owned_by: targets[0]?.provider,
      }));
    return JSON.stringify({ object: 'list', data });
  };

  return (context) => {
    const { tenant } = context;
    if (context.origin.route !== 'models' || tenant === undefined) return;
    let body = bodies.get(tenant.name);
    if (body === undefined) {
      body = list(tenant);
      bodies.set(tenant.name, body);
    }
    context.answer(200, 'application/json', body);
  };
}
