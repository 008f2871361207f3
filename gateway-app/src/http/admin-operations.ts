import type { LogLevel } from '../../contract/env';
import type { RuntimeConfig } from '../../contract/runtime-config';
import type { Logger } from '../telemetry/logger';

/** What an operator may see and do. */
export class Operations {
  /**
   * @param config The configuration in use.
   * @param drain Begins the end of this replica, as SIGTERM does.
   */
  constructor(
    readonly config: RuntimeConfig,
    private readonly logger: Logger,
    readonly drain: () => void,
  ) {}

  get logLevel(): string {
    return this.logger.level;
  }

  /** Until the process ends; the next one begins with the level of its environment. */
  setLogLevel(level: LogLevel): void {
    this.logger.level = level;
  }
}
