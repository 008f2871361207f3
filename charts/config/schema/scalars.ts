import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { rule } from '../../../gateway-app/contract/validate';

/** A text of a given form. */
export function pattern(form: RegExp, must: string, fix: string) {
  return z.string().refine((text) => form.test(text), rule(must, fix));
}

/** Name of an object or namespace. `most` leaves room for what is appended to it. */
export function dnsLabel(most = 63) {
  return pattern(
    new RegExp(`^(?=.{1,${most}}$)[a-z]([a-z0-9-]*[a-z0-9])?$`),
    `must be 1 to ${most} lower-case letters, digits or inner hyphens, and begin with a letter`,
    'choose a name that follows the rule',
  );
}

export const labelValue = pattern(
  /^[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/,
  'must be 1 to 63 letters, digits, dots, hyphens or underscores, and begin and end with a letter or digit, because it becomes a label',
  'choose a value that follows the rule',
);

export const hostName = pattern(
  /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/,
  'must be a full host name in lower case, without scheme, port or final dot',
  'write it like gateway.example.com',
);

export const port = z.int().min(1).max(65_535);

export const cidr = z
  .string()
  .refine(isCidr, rule('must be an IPv4 block whose address is its first', 'write it like 10.20.0.0/16'));

function isCidr(text: string): boolean {
  const match = /^([0-9.]+)\/(0|[1-9]\d?)$/.exec(text);
  if (!match?.[1] || !isIPv4(match[1])) return false;
  const bits = Number(match[2]);
  if (bits > 32) return false;
  const address = match[1].split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return address % 2 ** (32 - bits) === 0;
}
