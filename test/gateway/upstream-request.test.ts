import fc from 'fast-check';
import { requestText } from '../../gateway-app/src/upstream/http1/request-text';
import { Http1Client } from '../../gateway-app/src/upstream/http1/client';
import { head } from '../support/upstream/framing-case';
import { between, makeClient, variants } from '../support/upstream/implementations';
import { post, request } from '../support/upstream/recording';
import { ScriptedServer } from '../support/upstream/scripted-server';

const seed = 20_260_118;

describe.each(variants)('$implementation over $transport', (variant) => {
  it.each([
    { what: 'ASCII', body: '{"a":1}' },
    { what: 'text of every width', body: '{"a":"é ü 漢字 😀"}' },
    { what: 'nothing', body: '' },
    { what: 'megabytes of text', body: `"${'漢😀x'.repeat(300_000)}"` },
  ])('sends a body of $what with its length in bytes', async ({ body }) => {
    let seen = '';
    await between(
      variant,
      async (connection) => {
        seen = await connection.request();
        connection.send(head('Content-Length: 0'));
      },
      async (client, { origin }) => {
        await post(client, { path: '/v1/x?y=1', headers: { 'x-a': '1', authorization: 'Bearer k' }, body });
        const [lines = '', sent = ''] = seen.split(/\r\n\r\n(.*)/s);
        expect(lines.split('\r\n')[0]).toBe('POST /v1/x?y=1 HTTP/1.1');
        expect(lines.split('\r\n')).toEqual(
          expect.arrayContaining([
            `host: ${new URL(origin).host}`,
            'x-a: 1',
            'authorization: Bearer k',
            `content-length: ${Buffer.byteLength(body)}`,
          ]),
        );
        expect(Buffer.from(sent, 'latin1').toString()).toBe(body);
      },
    );
  });
});

describe('http1', () => {
  const send = (changed: Partial<typeof request>): string =>
    requestText('provider', { ...request, ...changed }).text;

  it.each(['1\r\nx-evil: 2', '1\n', '1\r', '1\0', '1\x7f', 'é', '\u010a', '漢'])(
    'refuses the header value %j, and does not repeat it',
    (value) => {
      expect(() => send({ headers: { 'x-a': `secret${value}` } })).toThrow(TypeError);
      expect(() => send({ headers: { 'x-a': `secret${value}` } })).not.toThrow(/secret/);
    },
  );

  it.each([
    '',
    'x a',
    'x:a',
    'x\r\na',
    'é',
    'content-length',
    'Transfer-Encoding',
    'HOST',
    'connection',
    'expect',
  ])('refuses the header name %j', (name) => {
    expect(() => send({ headers: { [name]: '1' } })).toThrow(TypeError);
  });

  it.each(['', 'v1', '/a b', '/a\r\nb', '/é', 'http://other/'])('refuses the path %j', (path) => {
    expect(() => send({ path })).toThrow(TypeError);
  });

  it('writes exactly the lines it is given, or none', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom('\r', '\n', ' ', ':', 'a', 'ÿ', 'Ā') }),
    );
    fc.assert(
      fc.property(text, text, text, (name, value, body) => {
        let written: string;
        try {
          written = send({ headers: { [name]: value }, body });
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
          return;
        }
        expect(written).toBe(
          `POST ${request.path} HTTP/1.1\r\nhost: provider\r\n${name}: ${value}\r\n` +
            `content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
        );
        expect(written.slice(0, -body.length || undefined).split(/[\r\n]+/)).toHaveLength(5);
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it('sends nothing of a request it refuses', async () => {
    const server = await ScriptedServer.start(() => undefined);
    const client = makeClient('http1', { origin: server.origin });
    expect(() => client.start({ ...request, path: 'x' }, {} as never)).toThrow(TypeError);
    await client.destroy();
    await server.close();
    expect(server.connections).toHaveLength(0);
  });

  it('refuses an origin of another scheme', () => {
    expect(() => new Http1Client({ origin: 'ftp://127.0.0.1', connectTimeoutMs: 1 })).toThrow(/ftp:/);
  });

  it.each(['http://[::1]:8080', 'http://provider', 'https://provider'])('takes the origin %s', (origin) => {
    const client = new Http1Client({ origin, connectTimeoutMs: 1 });
    client.destroy();
  });
});
