import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { InvalidInput } from '../../contract/validate';
import type { LineOutput } from '../telemetry/line-output';
import type { Logger } from '../telemetry/logger';
import { AuditLog, type AuditReport } from './audit-log';
import { Chain } from './chain';
import { FileSink } from './file-sink';
import { OutputSink } from './output-sink';

type AuditConfig = RuntimeConfig['audit'];

export interface AuditParts {
  readonly config: AuditConfig;
  /** Standard output, shared with the log. */
  readonly output: LineOutput;
  readonly logger: Logger;
}

/**
 * Begins the process's chain.
 *
 * @throws InvalidInput where the file cannot be used.
 */
export async function openAudit({ config, output, logger }: AuditParts): Promise<AuditLog> {
  // On Kubernetes the pod's name. A container that starts anew in its pod needs the random part.
  const instance = hostname();
  return new AuditLog({
    ...(await openSink(config.sink, output)),
    chain: new Chain(`${instance}.${randomBytes(6).toString('hex')}`),
    origin: {
      instance,
      pid: process.pid,
      processStart: new Date(Date.now() - process.uptime() * 1000).toISOString(),
    },
    onFailure: config.onFailure,
    report: (report) => {
      log(logger, report);
    },
  });
}

/**
 * Checks that a new configuration leaves the sink as it is: a chain belongs to one process and one sink.
 *
 * @throws InvalidInput where it does not.
 */
export function sameSink(old: AuditConfig, next: AuditConfig): void {
  if (isDeepStrictEqual(old.sink, next.sink)) return;
  const problem = {
    path: 'audit.sink',
    value: JSON.stringify(next.sink),
    rule: `must stay ${JSON.stringify(old.sink)} while the process runs, for its hash chain goes there`,
    fix: 'restart the gateway, or undo the change',
  };
  throw new InvalidInput('The configuration', [problem], 'The old configuration stays in use.');
}

async function openSink(
  sink: AuditConfig['sink'],
  output: LineOutput,
): Promise<Pick<ConstructorParameters<typeof AuditLog>[0], 'sink' | 'predecessor' | 'cutBytes'>> {
  if (sink.kind === 'stdout') return { sink: new OutputSink(output) };
  try {
    return await FileSink.open(sink);
  } catch (error) {
    const problem = {
      path: 'audit.sink.path',
      value: `${JSON.stringify(sink.path)} (${error instanceof Error ? error.message : String(error)})`,
      rule: 'must be a file that can be written, in a folder that exists',
      fix: 'create the folder, grant the right to write, or name another file',
    };
    throw new InvalidInput('The configuration', [problem], 'The gateway does not start.');
  }
}

function log(logger: Logger, report: AuditReport): void {
  switch (report.event) {
    case 'failing':
      logger.error({ err: report.cause }, 'the audit log cannot be written');
      return;
    case 'recovered':
      logger.warn({ lostRecords: report.lostRecords }, 'the audit log is written again');
      return;
    case 'unwritten':
      logger.error(
        { unwrittenRecords: report.unwrittenRecords },
        'the audit log ends without its last records',
      );
      return;
  }
}
