import { GatewayError } from '../core/gateway-error';
import type { Random } from '../core/random';
import type { RequestStage } from '../core/stage';
import type { ModelTargets } from '../core/targets';
import { targetOrder } from './target-order';

/** Finds where the requested model lives, and whether the tenant may use it. */
export function orderTargets(targets: ModelTargets, random: Random = Math.random): RequestStage {
  const orders = new Map([...targets].map(([model, list]) => [model, targetOrder(list, random)]));
  return (context) => {
    const model = context.body?.['model'];
    const order = typeof model === 'string' ? orders.get(model) : undefined;
    if (typeof model !== 'string' || order === undefined) {
      throw new GatewayError('model_not_found', { param: 'model' });
    }
    if (context.tenant?.models?.has(model) === false) {
      throw new GatewayError('model_not_allowed', { param: 'model' });
    }
    context.targets = order();
    context.target = context.targets[0];
  };
}
