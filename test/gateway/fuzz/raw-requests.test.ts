import fc from 'fast-check';
import {
  answersJson,
  chunkEvent,
  completion,
  done,
  startFakeProvider,
  streams,
  type FakeProvider,
} from '../../support/fake-provider';
import { RawClient } from '../../support/raw-client';
import { configFor, startGateway, type RunningGateway } from '../../support/running-gateway';
import { waitFor } from '../../support/wait';
import { answersIn, isDialectError, type Answer } from './answers';
import { fragments, wholeRequests } from './seeds';

const seed = 20_260_401;
/** Connections at once. */
const batch = 80;

let provider: FakeProvider;
let gateway: RunningGateway;

beforeAll(async () => {
  provider = await startFakeProvider();
  provider.behave((response, request) => {
    const { stream } = JSON.parse(request.body) as { stream?: unknown };
    (stream === true ? streams(chunkEvent('a'), done) : answersJson(completion('a')))(response, request);
  });
  gateway = await startGateway({
    config: configFor(provider.baseUrl, { limits: { maxBodyBytes: 4096 } }),
    // Whatever does not end by itself ends soon: a client that waits longer has met a hang.
    timings: { client: { headersMs: 300, requestMs: 400, keepAliveMs: 100 } },
  });
});

afterAll(async () => {
  await gateway.close();
  await provider.close();
});

type Damage = (bytes: string) => string;
const place = fc.double({ min: 0, max: 1, noNaN: true });
const position = (bytes: string, where: number): number => Math.floor(where * bytes.length);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.constantFrom(...fragments)).map(([where, text]): Damage => (bytes) => {
    const at = position(bytes, where);
    return bytes.slice(0, at) + text + bytes.slice(at);
  }),
  // Where a header can stand: a random place seldom is one.
  fc.constantFrom(...fragments).map(
    (text): Damage =>
      (bytes) =>
        bytes.replace('\r\n', `\r\n${text}`),
  ),
  fc.tuple(place, fc.integer({ min: 1, max: 20 })).map(([where, count]): Damage => (bytes) => {
    const at = position(bytes, where);
    return bytes.slice(0, at) + bytes.slice(at + count);
  }),
  fc.tuple(place, fc.nat({ max: 255 })).map(([where, byte]): Damage => (bytes) => {
    const at = position(bytes, where);
    return bytes.slice(0, at) + String.fromCharCode(byte) + bytes.slice(at + 1);
  }),
  fc.tuple(place, fc.constantFrom(...wholeRequests), place).map(
    ([where, other, from]): Damage =>
      (bytes) =>
        bytes.slice(0, position(bytes, where)) + other.slice(position(other, from)),
  ),
);

/** One connection: what is sent, and in how many pieces. */
const connection = fc.record({
  bytes: fc
    .tuple(fc.constantFrom(...wholeRequests), fc.array(damage, { minLength: 1, maxLength: 3 }))
    .map(([request, damages]) => damages.reduce((bytes, apply) => apply(bytes), request)),
  cut: place,
});

async function answersTo(bytes: string, cut: number): Promise<Answer[]> {
  const client = await RawClient.connect(gateway.url);
  const at = position(bytes, cut);
  client.send(Buffer.from(bytes.slice(0, at), 'latin1'));
  await new Promise((resolve) => setImmediate(resolve));
  client.send(Buffer.from(bytes.slice(at), 'latin1'));
  return answersIn(await client.untilClosed());
}

describe('Damaged requests', () => {
  it('are answered whole and as the fault of the client, and each connection ends', async () => {
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(connection, { minLength: batch, maxLength: batch }), async (connections) => {
        const all = await Promise.all(connections.map(({ bytes, cut }) => answersTo(bytes, cut)));
        for (const [at, answers] of all.entries()) {
          for (const answer of answers) {
            const { status, body } = answer;
            // Said with its bytes: to shrink a batch takes longer than a test may.
            if (status >= 500 || (status >= 400 && body !== '' && !isDialectError(body))) {
              throw new Error(`${JSON.stringify(answer)} to ${JSON.stringify(connections[at])}`);
            }
            if (status >= 400) refused += 1;
          }
        }
      }),
      { seed, numRuns: 6, endOnFailure: true },
    );
    expect(refused).toBeGreaterThan(100);
    expect(await gateway.metric('gateway_active_requests')).toBe(0);
    expect(gateway.logLines.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('reach the provider, if at all, as requests that the gateway wrote itself', () => {
    for (const { headers, body } of provider.received) {
      expect(JSON.parse(body)).toMatchObject({ model: 'provider-model' });
      expect(headers).toMatchObject({ 'content-length': String(Buffer.byteLength(body)) });
      expect(headers['transfer-encoding']).toBeUndefined();
      expect(headers.host).toMatch(/^127\.0\.0\.1:\d+$/);
    }
  });

  it('are each counted, logged and audited once', async () => {
    const logged = gateway.logLines.filter(({ msg }) => msg === 'request').length;
    expect(await gateway.metric('gateway_requests_total')).toBe(logged);
    const audited = (): number =>
      gateway
        .auditText()
        .split('\n')
        .filter((line) => line.includes('"event":"request"')).length;
    await waitFor('the audit to be written', () => audited() >= logged);
    expect(audited()).toBe(logged);
  });
});
