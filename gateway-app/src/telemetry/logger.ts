import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../../contract/env';

export type { Logger };

/** JSON lines to the destination that is given. */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
