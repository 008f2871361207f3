import { chunked, cut, head, invalid, ok, type FramingCase } from './framing-case';

/** Answers in order, after which the connection carries the next request. */
export const reusable: FramingCase[] = [
  { name: 'a body by length', bytes: `${head('Content-Length: 5')}hello`, outcome: ok() },
  { name: 'an empty body by length', bytes: head('Content-Length: 0'), outcome: ok('') },
  { name: 'a length with leading zeros', bytes: `${head('Content-Length: 005')}hello`, outcome: ok() },
  { name: 'one chunk', bytes: chunked('5\r\nhello\r\n0\r\n\r\n'), outcome: ok() },
  { name: 'many chunks', bytes: chunked('1\r\nh\r\n3\r\nell\r\n1\r\no\r\n0\r\n\r\n'), outcome: ok() },
  { name: 'no chunk', bytes: chunked('0\r\n\r\n'), outcome: ok('') },
  {
    name: 'CRLF within a chunk',
    bytes: chunked('6\r\n\r\n0\r\n\r\r\n0\r\n\r\n'),
    outcome: ok('\r\n0\r\n\r'),
  },
  {
    name: 'chunk sizes in either case',
    bytes: chunked('00a\r\n0123456789\r\nB\r\n0123456789a\r\n0\r\n\r\n'),
    outcome: ok('01234567890123456789a'),
  },
  { name: 'chunk extensions', bytes: chunked('5;a=1;b="x y"\r\nhello\r\n0;last\r\n\r\n'), outcome: ok() },
  {
    name: 'trailers',
    bytes: chunked('5\r\nhello\r\n0\r\nX-Sum: 1\r\nContent-Length: 7\r\n\r\n'),
    outcome: ok(),
    undici: { outcome: cut('hello'), reused: false },
  },
  {
    name: 'Transfer-Encoding in another case',
    bytes: `${head('TRANSFER-ENCODING: Chunked')}0\r\n\r\n`,
    outcome: ok(''),
  },
  { name: 'status 204', bytes: 'HTTP/1.1 204 No Content\r\n\r\n', outcome: ok('', 204) },
  {
    name: 'status 304 with the length of what it leaves out',
    bytes: 'HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n',
    outcome: ok('', 304),
    undici: { outcome: { ...invalid, status: 304, body: '' }, reused: false },
  },
  { name: 'an empty reason', bytes: 'HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n', outcome: ok('') },
  { name: 'no reason', bytes: 'HTTP/1.1 200\r\nContent-Length: 0\r\n\r\n', outcome: ok('') },
  {
    name: 'one interim response',
    bytes: `HTTP/1.1 100 Continue\r\n\r\n${head('Content-Length: 5')}hello`,
    outcome: ok(),
    undici: { outcome: invalid, reused: false },
  },
  {
    name: 'several interim responses with headers',
    bytes: `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n${head('Content-Length: 5')}hello`,
    outcome: ok(),
  },
  {
    name: 'blanks around a value',
    bytes: `${head('Content-Length: \t 5 \t')}hello`,
    outcome: ok(),
    undici: { outcome: invalid, reused: false },
  },
  {
    name: 'an error status',
    bytes: 'HTTP/1.1 429 Slow\r\nContent-Length: 2\r\n\r\n{}',
    outcome: ok('{}', 429),
  },
];

/** Answers in order, after which the connection must not carry another request. */
export const closing: FramingCase[] = [
  { name: 'a body up to the end of the connection', bytes: `${head()}hello`, closes: true, outcome: ok() },
  { name: 'an empty body up to the end of the connection', bytes: head(), closes: true, outcome: ok('') },
  {
    name: 'Connection: close',
    bytes: `${head('Connection: close', 'Content-Length: 5')}hello`,
    outcome: ok(),
  },
  {
    name: 'close among other options',
    bytes: `${head('Connection: x, Close', 'Content-Length: 5')}hello`,
    outcome: ok(),
  },
  { name: 'HTTP/1.0', bytes: 'HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello', outcome: ok() },
  {
    name: 'bytes behind the answer',
    bytes: `${head('Content-Length: 5')}helloHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
    outcome: ok(),
  },
  {
    name: 'CRLF behind the answer',
    bytes: `${head('Content-Length: 5')}hello\r\n`,
    outcome: ok(),
    undici: { reused: true },
  },
  { name: 'bytes behind the last chunk', bytes: chunked('5\r\nhello\r\n0\r\n\r\nx'), outcome: ok() },
  { name: 'a body behind status 304', bytes: 'HTTP/1.1 304 Not Modified\r\n\r\nhello', outcome: ok('', 304) },
];
