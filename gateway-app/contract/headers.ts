/** Header names in lower case, as node:http delivers them. */
export const headers = {
  authorization: 'authorization',
  /** Answered on every response; a well-formed value sent by the client is kept, so that both sides can be traced by one id. */
  requestId: 'x-request-id',
  /** `<error code>; source=<fault domain>` on every error answer: tells a client whose fault it was. */
  error: 'x-gateway-error',
} as const;

/** Headers that belong to one connection (RFC 9110, 7.6.1), and those that a proxy sets anew. Never passed on. */
export const hopByHopHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
