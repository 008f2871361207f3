import type { Access } from './admin-access';
import type { ActionResult } from './admin-actions';
import { plainAddress } from './admin-client-address';
import type { Refused } from './admin-refusal';

/** What the audit says of an operator's request, as members of a JSON object. */
export function adminRecord(request: {
  readonly requestId: string;
  readonly action: string;
  readonly peer: string | undefined;
  readonly access: Access;
  /** Undefined where the client left before its request was whole. */
  readonly result: ActionResult | Refused | undefined;
}): string {
  const { requestId, action, peer, access, result } = request;
  const gone = result === undefined;
  const refused = !gone && 'code' in result ? result : undefined;
  return JSON.stringify({
    requestId,
    sourceIp: access.address,
    // The one address that cannot be made up.
    peerIp: peer === undefined ? undefined : plainAddress(peer),
    tokenId: access.tokenId,
    action,
    decision: gone || refused !== undefined ? 'refused' : 'admitted',
    outcome: gone ? 'client_gone' : undefined,
    status: result?.status,
    errorCode: refused?.code,
    errorSource: gone ? 'client' : (refused?.domain ?? 'none'),
    change: !gone && 'change' in result ? result.change : undefined,
  }).slice(1, -1);
}
