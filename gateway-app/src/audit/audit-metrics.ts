import type { Registry } from '../telemetry/registry';
import type { AuditLog } from './audit-log';

/** Shows the state of the audit log at each scrape. */
export function auditMetrics(registry: Registry, current: () => AuditLog | undefined): void {
  const { auditDropped, auditWorking, auditLastSequence } = registry.families;
  registry.onCollect(() => {
    const audit = current();
    if (audit === undefined) return;
    auditDropped.series({}).value = audit.droppedRecords;
    auditWorking.series({}).value = audit.isWorking ? 1 : 0;
    auditLastSequence.series({}).value = audit.writtenSequence;
  });
}
