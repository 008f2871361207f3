/** Requests that a fuzzer damages: whole ones of every route, and tricks that are known to part two readers. */

const chat = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
const streamed = '{"model":"m","stream":true,"messages":[{"role":"user","content":"hi"}]}';

const post = (path: string, body: string, extra = ''): string =>
  `POST ${path} HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n${extra}` +
  `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

const chunked = (body: string, extension = ''): string =>
  'POST /v1/chat/completions HTTP/1.1\r\nHost: gateway\r\nContent-Type: application/json\r\n' +
  `Transfer-Encoding: chunked\r\n\r\n${body.length.toString(16)}${extension}\r\n${body}\r\n0\r\n\r\n`;

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: gateway\r\n\r\n`;

export const wholeRequests: readonly string[] = [
  get('/v1/models'),
  get('/health/live'),
  get('/nowhere?a=b'),
  post('/v1/chat/completions', chat),
  post('/v1/chat/completions', streamed),
  post('/v1/chat/completions', chat, 'Authorization: Bearer x\r\nX-Request-Id: a-b\r\n'),
  post('/v1/messages', '{"model":"m","max_tokens":5,"messages":[{"role":"user","content":"hi"}]}'),
  post('/v1/embeddings', '{"model":"m","input":"hi"}'),
  post('/v1/completions', '{"model":"m","prompt":"hi"}', 'Expect: 100-continue\r\n'),
  chunked(chat),
  chunked(chat, ';a=b'),
  get('/v1/models') + post('/v1/chat/completions', chat) + get('/v1/models'),
];

/** What is cut into a request. */
export const fragments: readonly string[] = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  '\r\n\r\n',
  '\r\n ',
  ' ',
  '\t',
  ':',
  ';',
  ',',
  '0\r\n\r\n',
  'ffffffffffffffff',
  '-1',
  '\xff\xfe',
  'Content-Length: 5\r\n',
  'Content-Length: 0\r\n',
  'Content-Length: 99999999999999999999\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Transfer-Encoding: gzip, chunked\r\n',
  'Transfer-Encoding : identity\r\n',
  'Host: other\r\n',
  'Connection: close\r\n',
  'Connection: keep-alive, Upgrade\r\nUpgrade: h2c\r\n',
  'Expect: 100-continue\r\n',
  'Content-Encoding: gzip\r\n',
  'HTTP/1.0',
  'HTTP/2.0',
  'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
  'GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n',
  '"__proto__":{"a":1},',
  '"model":"other",',
  '\\ud800',
  'NaN',
  '1e999',
  '['.repeat(200),
];
