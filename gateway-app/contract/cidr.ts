import { isIPv4, isIPv6 } from 'node:net';

/** A block of addresses. */
export interface Cidr {
  readonly address: string;
  readonly prefixBits: number;
  readonly family: 'ipv4' | 'ipv6';
}

const form = /^([0-9a-fA-F:.]{2,45})\/(0|[1-9]\d{0,2})$/;

/**
 * Reads `10.0.0.0/8` or `2001:db8::/32`.
 *
 * @returns undefined where it is neither, or where bits are set behind the prefix: `10.1.2.3/8` reads like one host and would
 *   admit sixteen million.
 */
export function parseCidr(text: string): Cidr | undefined {
  const [, address = '', prefix = ''] = form.exec(text) ?? [];
  const family = isIPv4(address) ? 'ipv4' : isIPv6(address) ? 'ipv6' : undefined;
  const prefixBits = Number(prefix);
  if (family === undefined || prefixBits > (family === 'ipv4' ? 32 : 128)) return undefined;
  const bits = addressBits(address, family);
  return bits.slice(prefixBits).includes('1') ? undefined : { address, prefixBits, family };
}

/** IPv4 written as IPv6 (`::ffff:10.0.0.0`). It is compared as IPv4, so a block of it is to be written as IPv4. */
export function isIpv4Mapped({ address, family }: Cidr): boolean {
  return family === 'ipv6' && addressBits(address, 'ipv6').startsWith(`${'0'.repeat(80)}${'1'.repeat(16)}`);
}

/** True where every address of `inner` is in `outer` too. */
export function cidrHolds(outer: Cidr, inner: Cidr): boolean {
  if (outer.family !== inner.family || outer.prefixBits > inner.prefixBits) return false;
  const prefix = ({ address, family }: Cidr) => addressBits(address, family).slice(0, outer.prefixBits);
  return prefix(outer) === prefix(inner);
}

function addressBits(address: string, family: Cidr['family']): string {
  if (family === 'ipv4')
    return address
      .split('.')
      .map((part) => binary(Number(part), 8))
      .join('');
  // The URL parser writes the dotted end of an address as two groups.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = groups.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...zeros, ...after].map((group) => binary(parseInt(group, 16), 16)).join('');
}

function binary(value: number, length: number): string {
  return value.toString(2).padStart(length, '0');
}
