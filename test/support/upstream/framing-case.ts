/** How a call ended: with an answer, with a fault before its head, or with one after it. */
export type Outcome =
  | { readonly status: number; readonly body: string }
  | { readonly failure: string; readonly status?: number; readonly body?: string };

/** What a server may answer, and what becomes of it. */
export interface FramingCase {
  readonly name: string;
  /** The server's bytes after it has read the request. */
  readonly bytes: string;
  /** Then it ends the connection; else it keeps it open. */
  readonly closes?: true;
  readonly outcome: Outcome;
  /**
   * Where undici differs: mostly by taking what the standard, or the care for what follows on the connection, forbids.
   * `none`: it waits on without end.
   */
  readonly undici?: { readonly outcome?: Outcome | 'none'; readonly reused?: boolean };
}

export const invalid = { failure: 'invalid_response' };
export const cut = (body: string): Outcome => ({ ...invalid, status: 200, body });
export const ok = (body = 'hello', status = 200): Outcome => ({ status, body });

export const head = (...fields: string[]): string =>
  ['HTTP/1.1 200 OK', ...fields].map((line) => `${line}\r\n`).join('') + '\r\n';
export const chunked = (body: string): string => head('Transfer-Encoding: chunked') + body;
