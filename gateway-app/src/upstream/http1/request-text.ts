import type { UpstreamRequest } from '../../core/upstream';

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const visibleValue = /^[\t\x20-\x7e]*$/;
const visiblePath = /^\/[\x21-\x7e]*$/;

/** They say how the request is framed and what happens to the connection. Two opinions on that are request smuggling. */
const ownHeaders = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Names that were found writable: providers are sent the same few over and over. */
const checkedNames = new Set<string>();
const maxCheckedNames = 256;

function isWritable(name: string): boolean {
  if (!token.test(name) || ownHeaders.has(name.toLowerCase())) return false;
  if (checkedNames.size < maxCheckedNames) checkedNames.add(name);
  return true;
}

export interface RequestText {
  /** Head and body: one write, and most often one packet. */
  readonly text: string;
  readonly encoding: 'latin1' | 'utf8';
}

/**
 * Writes a request out.
 *
 * @param host Value of the Host header.
 * @throws TypeError where the path or a header would end its line early, or would contradict the client's own headers.
 */
export function requestText(host: string, { path, headers, body }: UpstreamRequest): RequestText {
  if (!visiblePath.test(path)) {
    throw new TypeError(
      `The path ${JSON.stringify(path)} must begin with "/" and hold visible ASCII only. Nothing was sent.`,
    );
  }
  let head = `POST ${path} HTTP/1.1\r\nhost: ${host}\r\n`;
  for (const name in headers) {
    const value = headers[name] ?? '';
    if (!checkedNames.has(name) && !isWritable(name)) {
      throw new TypeError(
        `The header ${JSON.stringify(name)} is not a name, or is the client's own to write. Nothing was sent.`,
      );
    }
    // The value may be a credential: it must not reach a log.
    if (!visibleValue.test(value)) {
      throw new TypeError(`The value of the header ${name} must hold visible ASCII only. Nothing was sent.`);
    }
    head += `${name}: ${value}\r\n`;
  }
  const bodyBytes = Buffer.byteLength(body);
  return {
    text: `${head}content-length: ${bodyBytes}\r\n\r\n${body}`,
    // As many bytes as characters: pure ASCII, which needs no encoding.
    encoding: bodyBytes === body.length ? 'latin1' : 'utf8',
  };
}
