import { adminErrors } from '../../contract/admin';
import type { AuditLog } from '../audit/audit-log';
import { ClientGone } from '../core/client-gone';
import { asGatewayError, GatewayError } from '../core/gateway-error';
import type { Logger } from '../telemetry/logger';
import type { Access, AdminAccess } from './admin-access';
import { adminActions, type ActionResult, type AdminAction } from './admin-actions';
import type { Operations } from './admin-operations';
import { adminRecord } from './admin-record';
import { refuse, refusedFor, type Refused } from './admin-refusal';
import type { NodeExchange } from './respond';
import { pathOf } from './route-table';

const maxBodyBytes = 1024;

export interface AdminApiParts {
  readonly access: AdminAccess;
  readonly operations: Operations;
  readonly audit: AuditLog;
  readonly logger: Logger;
}

/** The operators' interface under one configuration. Each request leaves a record, refused ones too. */
export class AdminApi {
  constructor(private readonly parts: AdminApiParts) {}

  /** Never rejects. */
  async serve(exchange: NodeExchange, requestId: string): Promise<void> {
    const { incoming } = exchange;
    // Asked now: a connection that is gone has no address any more.
    const peer = incoming.socket.remoteAddress;
    const access = this.parts.access.judge(peer, incoming.headers);
    const action = adminActions.get(pathOf(incoming.url ?? ''));
    const result = await this.#result(exchange, access, action, requestId);
    const record = adminRecord({ requestId, action: action?.name ?? 'unknown', peer, access, result });
    // Before the answer: what an operator knows to be done is on record.
    this.parts.audit.append('admin', record);
    if (result === undefined) return;
    if ('code' in result) refuse(exchange, result);
    else exchange.answer(result.status, { 'content-type': 'application/json' }, JSON.stringify(result.body));
  }

  /** Undefined where the client left before its request was whole: nothing was done. */
  async #result(
    exchange: NodeExchange,
    { refusal }: Access,
    action: AdminAction | undefined,
    requestId: string,
  ): Promise<ActionResult | Refused | undefined> {
    if (refusal !== undefined) return { code: refusal, ...adminErrors[refusal] };
    try {
      return await this.#run(exchange, action);
    } catch (thrown) {
      if (thrown instanceof ClientGone) return undefined;
      const error = asGatewayError(thrown);
      const refused = refusedFor(error);
      if (refused.domain === 'gateway') {
        this.parts.logger.error({ err: error.cause, requestId, code: error.code }, 'an admin action failed');
      }
      return refused;
    }
  }

  async #run(exchange: NodeExchange, action: AdminAction | undefined): Promise<ActionResult> {
    if (!this.parts.audit.admitsRequests) throw new GatewayError('audit_unavailable');
    if (action === undefined) throw new GatewayError('unknown_path');
    const { method, hasBody } = action;
    if (exchange.incoming.method !== method) throw new GatewayError('method_not_allowed', { allow: method });
    return action.run(
      this.parts.operations,
      hasBody ? parsed(await exchange.readBody(maxBodyBytes)) : undefined,
    );
  }
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    throw new GatewayError('invalid_json');
  }
}
