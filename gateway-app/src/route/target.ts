import type { RuntimeConfig } from '../../contract/runtime-config';
import { GatewayError } from '../core/gateway-error';
import type { Target } from '../core/request-context';
import type { RequestStage } from '../core/stage';

/** Finds where the requested model lives, and whether the tenant may use it. */
export function chooseTarget(config: RuntimeConfig): RequestStage {
  const targets = new Map<string, Target>(
    config.models.map(({ name, target }) => [
      name,
      { model: name, provider: target.provider, providerModel: target.model },
    ]),
  );
  return (context) => {
    const model = context.body?.['model'];
    const target = typeof model === 'string' ? targets.get(model) : undefined;
    if (target === undefined) throw new GatewayError('model_not_found', { param: 'model' });
    if (context.tenant?.models?.has(target.model) === false) {
      throw new GatewayError('model_not_allowed', { param: 'model' });
    }
    context.target = target;
  };
}
