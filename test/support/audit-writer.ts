import { AuditLog } from '../../gateway-app/src/audit/audit-log';
import { Chain } from '../../gateway-app/src/audit/chain';
import { FileSink } from '../../gateway-app/src/audit/file-sink';
import { OutputSink } from '../../gateway-app/src/audit/output-sink';
import { LineOutput } from '../../gateway-app/src/telemetry/line-output';

/**
 * A process that writes audit records: `file PATH COUNT` or `stdout COUNT`. On standard output a log line goes before each
 * record, through the same writer. Says on standard error whether requests were admitted at the end.
 */
async function main([kind, ...rest]: string[]): Promise<void> {
  const output = new LineOutput(1, 1e9);
  const path = kind === 'file' ? rest.shift() : undefined;
  const count = Number(rest[0]);
  const opened =
    path === undefined
      ? { sink: new OutputSink(output) }
      : await FileSink.open({ path, maxBytes: 1e9, maxFiles: 2 });
  const audit = new AuditLog({
    ...opened,
    chain: new Chain(`writer-${process.pid}`),
    origin: { instance: 'writer', pid: process.pid, processStart: new Date().toISOString() },
    onFailure: 'refuse',
    report: (report) => process.stderr.write(`${report.event}\n`),
  });
  for (let number = 0; number < count; number += 1) {
    if (path === undefined) output.write(`{"level":"info","msg":"log line ${number} ${'x'.repeat(300)}"}\n`);
    audit.append('request', `"requestId":"r-${number}"`);
    if (number % 50 === 0) await new Promise(setImmediate);
  }
  await audit.close();
  if (path === undefined) await output.drained(5_000);
  process.stderr.write(
    audit.droppedRecords === 0 ? 'nothing dropped\n' : `dropped ${audit.droppedRecords}\n`,
  );
}

void main(process.argv.slice(2));
