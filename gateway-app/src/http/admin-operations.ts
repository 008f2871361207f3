import type { LogLevel } from '../../contract/env';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { nanoUsdToUsd } from '../core/price';
import { scopesOf } from '../limit/scopes';
import type { LimitStore, ScopeUsage } from '../stores/limit-store';
import type { Logger } from '../telemetry/logger';
import type { Breakers } from '../upstream/breakers';

/** What an operator may see and do. */
export class Operations {
  /**
   * @param config The configuration in use.
   * @param drain Begins the end of this replica, as SIGTERM does.
   */
  constructor(
    readonly config: RuntimeConfig,
    private readonly store: LimitStore,
    readonly breakers: Pick<Breakers, 'view'>,
    private readonly logger: Logger,
    readonly drain: () => void,
  ) {}

  /** What each tenant has used of its limits, by name, and all together. */
  async usage(): Promise<{
    readonly global: object | undefined;
    readonly byTenant: ReadonlyMap<string, object>;
  }> {
    const scopes = scopesOf(this.config);
    const byTenant = new Map<string, object>();
    // One after the other: a thousand calls at once would hold up those that requests wait for.
    for (const { name } of this.config.tenants) {
      const own = scopes(name).find(({ scope }) => scope === 'client');
      if (own !== undefined) byTenant.set(name, inUsd(await this.store.usage(own)));
    }
    const region = scopes('').find(({ scope }) => scope === 'global');
    return { global: region && inUsd(await this.store.usage(region)), byTenant };
  }

  get logLevel(): string {
    return this.logger.level;
  }

  /** Until the process ends; the next one begins with the level of its environment. */
  setLogLevel(level: LogLevel): void {
    this.logger.level = level;
  }
}

function inUsd({ spentNanoUsd, ...rest }: ScopeUsage): object {
  return { ...rest, ...(spentNanoUsd !== undefined && { spentUsd: nanoUsdToUsd(spentNanoUsd) }) };
}
