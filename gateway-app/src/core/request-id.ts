import { randomUUID } from 'node:crypto';

/** Anything else could forge a log line or another header where the id is written. */
const wellFormed = /^[A-Za-z0-9._-]{1,128}$/;

/** The client's own id where it is well-formed, so that both sides can be traced by one; else a new one. */
export function requestId(sent: string | string[] | undefined): string {
  return typeof sent === 'string' && wellFormed.test(sent) ? sent : randomUUID();
}
