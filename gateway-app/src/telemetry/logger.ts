import { pino, type DestinationStream, type Logger } from 'pino';
import type { LogLevel } from '../../contract/env';

export type { Logger };

/** Beyond this, a collector that does not read loses lines, instead of the gateway its memory. */
const maxBufferedBytes = 8 * 1024 * 1024;

/**
 * JSON lines on standard output, written without blocking.
 *
 * @returns The logger, and what writes out the rest before an exit.
 */
export function standardOutputLogger(level: LogLevel): { logger: Logger; flush: () => void } {
  const destination = pino.destination({ dest: 1, sync: false, maxLength: maxBufferedBytes });
  return {
    logger: createLogger(level, destination),
    flush: () => {
      destination.flushSync();
    },
  };
}

/** A logger of the same form that writes elsewhere. */
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
