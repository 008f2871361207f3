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
  readonly result: ActionResult | Refused;
}): string {
  const { requestId, action, peer, access, result } = request;
  const refused = 'code' in result ? result : undefined;
  return JSON.stringify({
    requestId,
    sourceIp: access.address,
    // The one address that cannot be made up.
    peerIp: peer === undefined ? undefined : plainAddress(peer),
    tokenId: access.tokenId,
    action,
    decision: refused === undefined ? 'admitted' : 'refused',
    status: result.status,
    errorCode: refused?.code,
    errorSource: refused?.domain ?? 'none',
    change: 'change' in result ? result.change : undefined,
  }).slice(1, -1);
}
