import type { LimitScope } from '../../contract/metrics';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { ScopeLimits } from '../stores/limit-store';
import { usdToNanoUsd } from '../core/price';

type ConfiguredLimits = NonNullable<RuntimeConfig['limits']['global']>;

/** Which limits a tenant's request must keep: the tenant's own, and those of the whole region. */
export function scopesOf(config: RuntimeConfig): (tenant: string) => readonly ScopeLimits[] {
  const { global } = config.limits;
  const region = global === undefined ? [] : [scopeLimits('global', 'global', global)];
  const byTenant = new Map(
    config.tenants.map(({ name, limits }) => [
      name,
      limits === undefined ? region : [scopeLimits('client', `tenant:${name}`, limits), ...region],
    ]),
  );
  return (tenant) => byTenant.get(tenant) ?? region;
}

function scopeLimits(scope: LimitScope, key: string, configured: ConfiguredLimits): ScopeLimits {
  const { requestsPerSecond, burst, tokensPerMinute, concurrentStreams, dailyBudgetUsd } = configured;
  return {
    scope,
    key,
    ...(requestsPerSecond !== undefined && {
      requests: { perSecond: requestsPerSecond, burst: burst ?? Math.ceil(requestsPerSecond) },
    }),
    ...(tokensPerMinute !== undefined && { tokensPerMinute }),
    ...(concurrentStreams !== undefined && { concurrentStreams }),
    ...(dailyBudgetUsd !== undefined && { dailyBudgetNanoUsd: usdToNanoUsd(dailyBudgetUsd) }),
  };
}
