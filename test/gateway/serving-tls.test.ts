import { writeFileSync } from 'node:fs';
import { connect as connectPlain } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { once } from 'node:events';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { selfSigned } from '../support/certificate';
import {
  beginStream,
  chunkEvent,
  done,
  startFakeProvider,
  type FakeProvider,
} from '../support/fake-provider';
import { rawChat } from '../support/raw-client';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';
import { X509Certificate } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const first = selfSigned(['127.0.0.1']);
const second = selfSigned(['127.0.0.1']);
const tls = { certFile: 'tls.crt', keyFile: 'tls.key' };

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: configFor(provider.baseUrl, { tls }),
    secrets: { 'tls.crt': first.cert, 'tls.key': first.key },
    timings: { client: { handshakeMs: 200 } },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const port = (): number => Number(new URL(gateway.url).port);

async function dial(options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: port(), ca: [first.cert, second.cert], ...options });
  await once(socket, 'secureConnect');
  return socket;
}

const shown = async (): Promise<string> => {
  const socket = await dial();
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
};
const fingerprint = ({ cert }: { cert: string }): string => new X509Certificate(cert).fingerprint256;
const failures = (reason: string): Promise<number> =>
  gateway.metric('gateway_tls_handshake_failures_total', { reason });

function read(socket: TLSSocket): { text: string } {
  const received = { text: '' };
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    received.text += chunk;
  });
  return received;
}

const request = rawChat('{"model":"m","messages":[{"role":"user","content":"x"}]}');

it('The gateway speaks TLS where it has a certificate, and health checks need nothing else', async () => {
  const socket = await dial({ ALPNProtocols: ['h2', 'http/1.1'] });
  expect(socket.alpnProtocol).toBe('http/1.1');
  const received = read(socket);
  socket.write(`${request}GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n`);
  await waitFor('both answers', () => received.text.includes('{"status":"ok"}'));
  expect(received.text).toContain('"content":"Hello"');
  const end = new X509Certificate(first.cert).validTo;
  expect(await gateway.metric('gateway_tls_certificate_end_timestamp_seconds')).toBe(Date.parse(end) / 1000);
  socket.destroy();
});

it('A request that is not read in full is answered over TLS too', async () => {
  const socket = await dial();
  const received = read(socket);
  const closed = once(socket, 'close');
  socket.write(request.replace(/Content-Length: \d+/, `Content-Length: ${10 ** 9}`));
  await waitFor('the answer', () => received.text.includes('413'));
  expect(received.text).toContain('body_too_large');
  await closed;
});

it('No version below 1.2 is spoken, and none below 1.3 where the configuration says so', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  await expect(dial(old)).rejects.toThrow(/protocol version/i);
  await waitFor('the count', async () => (await failures('protocol')) === 1);
  (await dial({ maxVersion: 'TLSv1.2' })).destroy();
  await gateway.close();
  gateway = await startGateway({
    config: configFor(provider.baseUrl, { tls: { ...tls, minVersion: 'TLSv1.3' } }),
    secrets: { 'tls.crt': first.cert, 'tls.key': first.key },
  });
  await expect(dial({ maxVersion: 'TLSv1.2' })).rejects.toThrow(/protocol version/i);
  (await dial()).destroy();
});

it('Handshakes that fail are counted by why, and none is waited for for ever', async () => {
  const silent = connectPlain(port(), '127.0.0.1');
  await once(silent, 'close');
  expect(await failures('timeout')).toBe(1);
  const plain = connectPlain(port(), '127.0.0.1');
  plain.on('error', () => undefined);
  plain.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n');
  plain.resume();
  await once(plain, 'close');
  await waitFor('the plain one', async () => (await failures('protocol')) === 1);
  await expect(dial({ ca: [] })).rejects.toThrow(/self.signed/);
  await waitFor(
    'the refusal',
    async () => (await failures('refused_by_client')) + (await failures('closed')) === 1,
  );
  // None of them was a request.
  expect(await gateway.metric('gateway_requests_total')).toBe(0);
  expect(gateway.logLines.filter(({ level }) => level === 'error')).toEqual([]);
});

it('A changed certificate is shown from the next connection on, and cuts no stream', async () => {
  const answers: ServerResponse[] = [];
  provider.behave((response) => {
    beginStream(response);
    response.write(chunkEvent('a'));
    answers.push(response);
  });
  const socket = await dial();
  const received = read(socket);
  socket.write(rawChat('{"model":"m","stream":true,"messages":[{"role":"user","content":"x"}]}'));
  await waitFor('the first chunk', () => received.text.includes('"a"'));
  writeFileSync(join(gateway.secretsDirectory, 'tls.key'), second.key);
  writeFileSync(join(gateway.secretsDirectory, 'tls.crt'), second.cert);
  await waitFor('the new certificate', async () => (await shown()) === fingerprint(second));
  answers[0]!.end(chunkEvent('b') + done);
  await waitFor('the rest of the stream', () => received.text.includes('[DONE]'));
  socket.write('GET /v1/models HTTP/1.1\r\nHost: a\r\n\r\n');
  await waitFor(
    'another answer on the old connection',
    () => received.text.includes('"provider-model"') || received.text.includes('"object":"list"'),
  );
  socket.destroy();
});

it.each([
  ['the key of another certificate', 'tls.key', second.key, /certificate unusable/],
  ['no key', 'tls.key', 'nonsense', /secrets unusable/],
  ['no certificate', 'tls.crt', 'nonsense', /secrets unusable/],
])(
  'A file that comes to hold %s changes nothing, and the log says so',
  async (_what, file, content, message) => {
    writeFileSync(join(gateway.secretsDirectory, file), content);
    await waitFor('the refusal', () =>
      gateway.logLines.some(({ msg, level }) => level === 'error' && message.test(String(msg))),
    );
    expect(await shown()).toBe(fingerprint(first));
    expect(JSON.stringify(gateway.logLines)).not.toContain('PRIVATE KEY');
  },
);

it('A reload that takes TLS away or moves it is refused; its files may change', async () => {
  writeFileSync(gateway.configFile, stringify(configFor(provider.baseUrl)));
  await waitFor('the refusal', () =>
    gateway.logLines.some(({ reason }) => String(reason).includes('must stay {"certFile"')),
  );
  (await dial()).destroy();
});

it('A certificate and a key that are no pair end the start with the reason', async () => {
  const started = startGateway({
    config: configFor(provider.baseUrl, { tls }),
    secrets: { 'tls.crt': first.cert, 'tls.key': second.key },
  });
  await expect(started).rejects.toThrow(/keyFile: found tls\.key \(hidden\)\. Rule: must be the key of/);
});
