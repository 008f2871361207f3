import { startFakeProvider, type FakeProvider } from '../../support/fake-provider';
import { RawClient } from '../../support/raw-client';
import { configFor, startGateway, type RunningGateway } from '../../support/running-gateway';
import { answersIn, isDialectError } from './answers';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: configFor(provider.baseUrl),
    timings: { client: { headersMs: 300, requestMs: 400, keepAliveMs: 100 } },
  });
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

const body = '{"model":"m","messages":[{"role":"user","content":"x"}]}';
const line = 'POST /v1/chat/completions HTTP/1.1';
const head = `${line}\r\nHost: gateway\r\nContent-Type: application/json\r\n`;
const length = `Content-Length: ${body.length}\r\n`;
const chunked = 'Transfer-Encoding: chunked\r\n';
const size = body.length.toString(16);
/** The body in one chunk, with another text for any of its parts. */
const chunks = (first = `${size}\r\n`, end = '\r\n', last = '0\r\n\r\n'): string =>
  `${first}${body}${end}${last}`;
/** What an attacker hides behind the request: its answer would go to the next client of the same proxy. */
const hidden = 'GET /v1/models HTTP/1.1\r\nHost: gateway\r\n\r\n';

const vectors: [string, string][] = [
  ['a length beside a transfer encoding', `${head}${length}${chunked}\r\n${chunks()}`],
  ['a transfer encoding beside a length', `${head}${chunked}${length}\r\n${chunks()}`],
  ['a length beside an empty transfer encoding', `${head}Transfer-Encoding:\r\n${length}\r\n${body}`],
  ['a length twice, the same', `${head}${length}${length}\r\n${body}`],
  ['a length twice, two values', `${head}${length}Content-Length: 1\r\n\r\n${body}`],
  ['a list of lengths', `${head}Content-Length: ${body.length}, ${body.length}\r\n\r\n${body}`],
  ['a length with a sign', `${head}Content-Length: +${body.length}\r\n\r\n${body}`],
  ['a length in hexadecimal', `${head}Content-Length: 0x${size}\r\n\r\n${body}`],
  ['a length beyond any number', `${head}Content-Length: ${'9'.repeat(25)}\r\n\r\n${body}`],
  ['a blank before the colon of the length', `${head}Content-Length : ${body.length}\r\n\r\n${body}`],
  ['a coding below chunked', `${head}Transfer-Encoding: gzip, chunked\r\n\r\n${chunks()}`],
  ['a coding in a second header', `${head}Transfer-Encoding: identity\r\n${chunked}\r\n${chunks()}`],
  ['chunked twice in a list', `${head}Transfer-Encoding: chunked, chunked\r\n\r\n${chunks()}`],
  ['chunked twice', `${head}${chunked}${chunked}\r\n${chunks()}`],
  ['a coding behind chunked', `${head}Transfer-Encoding: chunked, identity\r\n\r\n${chunks()}`],
  ['an unknown coding', `${head}Transfer-Encoding: xchunked\r\n\r\n${chunks()}`],
  ['a vertical tab before chunked', `${head}Transfer-Encoding: \vchunked\r\n\r\n${chunks()}`],
  ['a blank before the colon of the coding', `${head}Transfer-Encoding : chunked\r\n\r\n${chunks()}`],
  ['a folded coding', `${head}Transfer-Encoding:\r\n chunked\r\n\r\n${chunks()}`],
  ['a transfer encoding in HTTP/1.0', `${head.replace('1.1', '1.0')}${chunked}\r\n${chunks()}`],
  ['a folded header', `${head}${length}X-A: a\r\n b\r\n\r\n${body}`],
  ['a folded trailer', `${head}${chunked}\r\n${chunks(undefined, undefined, '0\r\nX-A: a\r\n b\r\n\r\n')}`],
  ['a header line that LF alone ends', `${head}X-A: a\n${length}\r\n${body}`],
  ['a request line that LF alone ends', `${head.replace('\r\n', '\n')}${length}\r\n${body}`],
  ['headers that LF alone ends', `${head}${length}\n${body}`],
  ['CR within a header', `${head}X-A: a\r${length}\r\n${body}`],
  ['NUL within a header', `${head}X-A: a\0b\r\n${length}\r\n${body}`],
  ['a chunk size that LF alone ends', `${head}${chunked}\r\n${chunks(`${size}\n`)}`],
  ['a chunk extension that LF alone ends', `${head}${chunked}\r\n${chunks(`${size};a\n`)}`],
  [
    'a chunk extension with a line end in quotes',
    `${head}${chunked}\r\n${chunks(`${size};a="\r\n0\r\n\r\n"\r\n`)}`,
  ],
  ['a chunk that LF alone ends', `${head}${chunked}\r\n${chunks(undefined, '\n')}`],
  ['a chunk that nothing ends', `${head}${chunked}\r\n${chunks(undefined, '')}`],
  ['a negative chunk size', `${head}${chunked}\r\n${chunks(`-${size}\r\n`)}`],
  ['a chunk size with a prefix', `${head}${chunked}\r\n${chunks(`0x${size}\r\n`)}`],
  ['a chunk size beyond any number', `${head}${chunked}\r\n${chunks(`${'f'.repeat(17)}\r\n`)}`],
  ['Host twice', `${head}Host: other\r\n${length}\r\n${body}`],
  ['a Host that is none', `${head.replace('gateway', 'a b@c/d')}${length}\r\n${body}`],
  ['a content type twice', `${head}Content-Type: text/plain\r\n${length}\r\n${body}`],
  ['a credential twice', `${head}Authorization: Bearer a\r\nauthorization: Bearer b\r\n${length}\r\n${body}`],
  ['HTTP/2.0 in its line', `${head.replace('1.1', '2.0')}${length}\r\n${body}`],
  ['HTTP/1.2 in its line', `${head.replace('1.1', '1.2')}${length}\r\n${body}`],
  ['no version', `POST /v1/chat/completions\r\nHost: gateway\r\n${length}\r\n${body}`],
  ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
];

/** All of a connection's answers, when it has ended by itself. */
async function answersTo(bytes: string): Promise<ReturnType<typeof answersIn>> {
  const client = await RawClient.connect(gateway.url);
  client.send(Buffer.from(bytes, 'latin1'));
  return answersIn(await client.untilClosed());
}

describe('A request that two readers would take for two', () => {
  it.each(vectors)('(%s) is refused, and nothing of it or behind it is served', async (_name, bytes) => {
    const asked = provider.received.length;
    const [answer, ...others] = await answersTo(bytes + hidden);
    expect(answer?.status).toBe(400);
    expect(isDialectError(answer?.body ?? '')).toBe(true);
    expect(others.filter(({ status }) => status < 400)).toEqual([]);
    expect(provider.received).toHaveLength(asked);
  });

  it.each([
    ['by length', `${head}${length}\r\n${body}`],
    ['in chunks', `${head}${chunked}\r\n${chunks()}`],
    ['in chunks, in capitals', `${head}${chunked.toUpperCase()}\r\n${chunks()}`],
    ['in chunks with an extension', `${head}${chunked}\r\n${chunks(`${size};a="b"\r\n`)}`],
    ['in HTTP/1.0', `${head.replace('1.1', '1.0')}${length}\r\n${body}`],
    ['with an IPv6 host', `${head.replace('gateway', '[::1]:8080')}${length}\r\n${body}`],
    ['with an empty host', `${head.replace('gateway', '')}${length}\r\n${body}`],
  ])('is another than a plain one %s, which is served', async (_name, bytes) => {
    const [answer] = await answersTo(bytes);
    expect(answer?.status).toBe(200);
  });
});
