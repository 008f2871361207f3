import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIPv4 } from 'node:net';
import type { AdminErrorCode } from '../../contract/admin';
import { parseCidr } from '../../contract/cidr';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { clientAddress } from './admin-client-address';

export interface Access {
  /** Who asks; undefined where the proxies did not say. */
  readonly address: string | undefined;
  /** Beginning of the token's hash, for the audit: tells tokens apart, and opens nothing. */
  readonly tokenId?: string;
  /** Why it is refused. */
  readonly refusal?: AdminErrorCode;
}

const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

/** Judges who may use the admin interface. The address comes first: from elsewhere not even a guess at the token counts. */
export class AdminAccess {
  /** One per family: in a common list `::/0` would cover IPv4 as well. */
  readonly #ipv4 = new BlockList();
  readonly #ipv6 = new BlockList();

  /** @param token Asked at each request, so that a rotated one counts at once. */
  constructor(
    private readonly config: NonNullable<RuntimeConfig['admin']>,
    private readonly token: () => string,
  ) {
    for (const text of config.allowlist) {
      const block = parseCidr(text);
      if (block === undefined) throw new Error(`the schema let the block ${text} pass`);
      const { address, prefixBits, family } = block;
      (family === 'ipv4' ? this.#ipv4 : this.#ipv6).addSubnet(address, prefixBits, family);
    }
  }

  judge(peer: string | undefined, headers: IncomingHttpHeaders): Access {
    const forwardedFor = headers['x-forwarded-for'];
    const address = clientAddress(peer, forwardedFor?.toString(), this.config.trustedProxyHops);
    if (address === undefined || !this.#isAllowed(address))
      return { address, refusal: 'address_not_allowed' };
    const sent = bearer.exec(headers.authorization ?? '')?.[1];
    if (sent === undefined) return { address, refusal: 'missing_admin_token' };
    // Hashes have one length, so that the time of the comparison tells not even the token's length.
    const [sentHash, rightHash] = [sha256(sent), sha256(this.token())];
    if (!timingSafeEqual(sentHash, rightHash)) return { address, refusal: 'invalid_admin_token' };
    return { address, tokenId: rightHash.toString('hex', 0, 4) };
  }

  #isAllowed(address: string): boolean {
    return isIPv4(address) ? this.#ipv4.check(address, 'ipv4') : this.#ipv6.check(address, 'ipv6');
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
