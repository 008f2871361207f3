import type { RuntimeConfig } from '../../contract/runtime-config';
import { GatewayError } from '../core/gateway-error';
import type { CompletionStage, RequestStage } from '../core/stage';
import type { AuditLog } from './audit-log';
import { requestRecord } from './request-record';

/** Refuses a request that would leave no record, where the configuration wants that. */
export function requireAudit(audit: AuditLog): RequestStage {
  return () => {
    if (!audit.admitsRequests) throw new GatewayError('audit_unavailable');
  };
}

/** Records every request, however it ended. */
export function recordRequest(audit: AuditLog, config: RuntimeConfig): CompletionStage {
  const models = new Set(config.models.map(({ name }) => name));
  return (context) => {
    audit.append('request', requestRecord(context, models));
  };
}
