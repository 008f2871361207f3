/** One answer of the gateway, as a client reads it. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/**
 * Reads what the gateway wrote on a connection as a sequence of whole answers, by rules of its own.
 *
 * @throws Error where it is none: bytes between two answers, or half an answer at the end.
 */
export function answersIn(text: string): Answer[] {
  const answers: Answer[] = [];
  let rest = text;
  while (rest !== '') {
    const head = /^HTTP\/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n:]+:[^\r\n]*\r\n)*)\r\n/.exec(rest);
    if (head === null) throw new Error(`No answer begins here: ${JSON.stringify(rest.slice(0, 200))}`);
    const status = Number(head[1]);
    const { body, used } = bodyIn(rest.slice(head[0].length), head[2]!.toLowerCase(), status);
    rest = rest.slice(head[0].length + used);
    if (status >= 200) answers.push({ status, body });
  }
  return answers;
}

function bodyIn(rest: string, headers: string, status: number): { body: string; used: number } {
  if (status < 200) return { body: '', used: 0 };
  const length = /^content-length: (\d+)\r$/m.exec(headers)?.[1];
  if (length !== undefined) {
    const used = Number(length);
    // The answer to a HEAD tells a length and has no body.
    if (rest === '' || rest.startsWith('HTTP/1.1 ')) return { body: '', used: 0 };
    if (rest.length < used) throw new Error(`An answer of ${used} bytes ends after ${rest.length}.`);
    return { body: rest.slice(0, used), used };
  }
  // Without either, the end of the connection ends the body: to a client of HTTP/1.0.
  if (!/^transfer-encoding: chunked\r$/m.test(headers)) return { body: rest, used: rest.length };
  let body = '';
  let at = 0;
  for (;;) {
    const size = /^([\da-f]+)\r\n/.exec(rest.slice(at));
    if (size === null) throw new Error(`No chunk begins here: ${JSON.stringify(rest.slice(at, at + 100))}`);
    const bytes = parseInt(size[1]!, 16);
    const start = at + size[0].length;
    body += rest.slice(start, start + bytes);
    at = start + bytes + 2;
    if (rest.slice(at - 2, at) !== '\r\n') throw new Error('A chunk does not end with CRLF.');
    if (bytes === 0) return { body, used: at };
  }
}

/** Whether a body is an error in the shape of one of the dialects. */
export function isDialectError(body: string): boolean {
  const parsed = JSON.parse(body) as { type?: unknown; error?: Record<string, unknown> };
  const { error } = parsed;
  if (typeof error?.['message'] !== 'string' || typeof error['type'] !== 'string') return false;
  return parsed.type === 'error' || typeof error['code'] === 'string';
}
