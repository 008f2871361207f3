import { isIP, isIPv4 } from 'node:net';

const mappedGroups = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/** How proxies write an address with its port: `10.0.0.1:80`, `[2001:db8::1]:80`, `[2001:db8::1]`. */
const withPort = /^(?:\[([^\]]+)\](?::\d{1,5})?|(\d+\.\d+\.\d+\.\d+):\d{1,5})$/;

/** An address in the one form in which it is compared and written: IPv4 in IPv6 form as IPv4, without zone. */
export function plainAddress(text: string): string | undefined {
  const address = text.replace(/%[\w.-]+$/, '');
  if (isIP(address) === 0) return undefined;
  if (isIPv4(address)) return address;
  // One text for all ways to write it: `::FFFF:10.1.2.3`, `0:0:0:0:0:ffff:a01:203`.
  const canonical = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [, high, low] = mappedGroups.exec(canonical) ?? [];
  if (high === undefined || low === undefined) return canonical;
  return [high, low].flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]).join('.');
}

/**
 * The client's address: the peer of the connection, or what the outermost of our own proxies saw as its peer.
 *
 * Each proxy appends its peer to `X-Forwarded-For`. So only the last `hops` entries were written by ours; whatever stands
 * before them the client may have written itself.
 *
 * @param hops Proxies of our own that the request must have passed.
 * @returns undefined where the entry is missing or is no address: then nobody knows who asks.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: string | undefined,
  hops: number,
): string | undefined {
  if (hops === 0) return peer === undefined ? undefined : plainAddress(peer);
  const entries = (forwardedFor ?? '').split(',').map((entry) => entry.trim());
  const entry = entries.at(-hops);
  if (entry === undefined) return undefined;
  const [, ipv6, ipv4] = withPort.exec(entry) ?? [];
  return plainAddress(ipv6 ?? ipv4 ?? entry);
}
