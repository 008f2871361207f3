import { z } from 'zod';
import { blocksApart } from './blocks-apart';
import { isIpv4Mapped, parseCidr } from './cidr';
import { secretFile } from './secret-file';
import { rule } from './validate';

/** A block of clients' addresses. */
export const addressBlock = z
  .string()
  .refine(
    (text) => parseCidr(text) !== undefined,
    rule(
      'must be an IPv4 or IPv6 block whose address is its first',
      'write it like 10.20.0.0/16, 2001:db8::/32, or 10.1.2.3/32 for one address',
    ),
  )
  .refine(
    (text) => {
      const block = parseCidr(text);
      return block === undefined || !isIpv4Mapped(block);
    },
    rule('must not be IPv4 within IPv6', 'write the block as IPv4, which covers both forms'),
  );

/** Who may use `/admin`. Both the address and the token must be right. */
export const admin = z
  .strictObject({
    tokenFile: secretFile.describe(
      'File in the secrets folder with the bearer token, at least 32 characters. It is read again when it changes.',
    ),
    allowlist: z
      .array(addressBlock)
      .min(1)
      .max(256)
      .superRefine(blocksApart)
      .describe('Blocks of addresses, as CIDR. IPv4 blocks also cover IPv4 addresses in IPv6 form.'),
    trustedProxyHops: z
      .int()
      .min(0)
      .max(10)
      .default(0)
      .describe(
        'How many proxies of our own stand before this listener, each of which appends to X-Forwarded-For. Default 0: the peer of the connection is the client, and the header is not read. Too high a number lets clients choose their address.',
      ),
  })
  .describe('Operators’ interface on the admin port. Absent: /admin answers 404.');
