import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { errorCodes, type ErrorCode } from '../../gateway-app/contract/error-codes';
import type { LimitName } from '../../gateway-app/contract/metrics';
import { Keys } from '../../gateway-app/src/auth/keys';
import { GatewayError } from '../../gateway-app/src/core/gateway-error';
import { AuditLog } from '../../gateway-app/src/audit/audit-log';
import * as serialization from '../../gateway-app/src/providers/serialize';
import { MemoryStore } from '../../gateway-app/src/stores/memory-store';
import { Breaker } from '../../gateway-app/src/upstream/breaker';
import {
  answersBytes,
  answersJson,
  chunkEvent,
  neverAnswers,
  startFakeProvider,
  streamsThenBreaks,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { rawChat, RawClient } from '../support/raw-client';
import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { forgedToken } from '../support/token-issuer';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

const keyHash = createHash('sha256').update('key').digest('hex');
const authorized = 'Authorization: Bearer key\r\n';
const chat = (fields: object = {}): string =>
  JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'x' }], ...fields });

/** Nobody listens at port 1. */
const issuerThatIsAway = {
  kind: 'jwt' as const,
  issuer: 'https://away.test',
  audiences: ['gateway'],
  algorithms: ['ES256' as const],
  jwks: { url: 'http://127.0.0.1:1/keys' },
};
const withToken = (issuer: string): string =>
  `Authorization: Bearer ${forgedToken({ alg: 'ES256' }, { iss: issuer }, 'AA')}\r\n`;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({
    config: configFor(provider.baseUrl, {
      access: [{ kind: 'keys' }, issuerThatIsAway],
      providers: [
        { name: 'up', kind: 'openai', baseUrl: provider.baseUrl },
        { name: 'anthropic', kind: 'anthropic', baseUrl: provider.baseUrl },
      ],
      models: [
        { name: 'm', targets: [{ provider: 'up', model: 'provider-model' }] },
        { name: 'claude', targets: [{ provider: 'anthropic', model: 'claude' }] },
        { name: 'other', targets: [{ provider: 'up', model: 'other' }] },
      ],
      tenants: [{ name: 't', keys: [{ sha256: keyHash }], models: ['m', 'claude'] }],
      limits: { maxBodyBytes: 1024, global: { requestsPerSecond: 1_000 } },
    }),
    timings: {
      client: { headersMs: 300, requestMs: 600 },
      upstream: { responseHeadersMs: 300 },
      shutdown: { endpointPropagationMs: 1, drainLimitMs: 1, exitMarginMs: 2_000 },
    },
  });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

/** Sends bytes and reads until this code has come. */
async function send(bytes: string): Promise<RawClient> {
  const client = await RawClient.connect(gateway.url);
  client.send(bytes);
  return client;
}

/** A request that this limit refuses. How one really comes to that is shown in limit-http.test.ts. */
function refusedBy(limit: LimitName): Promise<RawClient> {
  jest.spyOn(MemoryStore.prototype, 'reserve').mockReturnValueOnce({
    grant: undefined,
    refusal: { limit, scope: 'client', waitMs: 1_000 },
    requests: undefined,
    tokens: undefined,
  });
  return send(rawChat(chat(), authorized));
}

/** How to bring about each error of the catalogue. One that is missing here fails below. */
const causes: Record<ErrorCode, () => Promise<RawClient>> = {
  invalid_json: () => send(rawChat('{', authorized)),
  invalid_request: () => send(rawChat('{}', authorized)),
  unsupported_by_provider: () => send(rawChat(chat({ model: 'claude', seed: 1 }), authorized)),
  malformed_http: () => send('nonsense\r\n\r\n'),
  missing_api_key: () => send(rawChat(chat())),
  invalid_api_key: () => send(rawChat(chat(), 'Authorization: Bearer wrong\r\n')),
  invalid_token: () => send(rawChat(chat(), withToken('https://other.test'))),
  identity_unavailable: () => send(rawChat(chat(), withToken(issuerThatIsAway.issuer))),
  invalid_client_certificate: () => {
    // How one really comes to that is shown in client-certificates.test.ts.
    jest.spyOn(Keys.prototype, 'find').mockImplementationOnce(() => {
      throw new GatewayError('invalid_client_certificate');
    });
    return send(rawChat(chat(), authorized));
  },
  model_not_found: () => send(rawChat(chat({ model: 'x' }), authorized)),
  model_not_allowed: () => send(rawChat(chat({ model: 'other' }), authorized)),
  unknown_path: () => send('GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n'),
  method_not_allowed: () => send('PUT /v1/models HTTP/1.1\r\nHost: a\r\n\r\n'),
  request_timeout: () => send(rawChat(chat(), authorized).slice(0, -1)),
  body_too_large: () => send(rawChat(chat({ user: 'x'.repeat(2_000) }), authorized)),
  unsupported_media_type: () => send(rawChat(chat(), authorized).replace('application/json', 'text/plain')),
  headers_too_large: () => send(rawChat(chat(), `X-A: ${'x'.repeat(20_000)}\r\n`)),
  audit_unavailable: () => {
    jest.spyOn(AuditLog.prototype, 'admitsRequests', 'get').mockReturnValueOnce(false);
    return send(rawChat(chat(), authorized));
  },
  rate_limit_exceeded: () => refusedBy('requests'),
  token_limit_exceeded: () => refusedBy('tokens'),
  stream_limit_exceeded: () => refusedBy('streams'),
  budget_exceeded: () => refusedBy('budget'),
  internal_error: () => {
    jest.spyOn(serialization, 'serialize').mockImplementationOnce(() => {
      throw new Error('a fault of our own');
    });
    return send(rawChat(chat(), authorized));
  },
  provider_unreachable: async () => {
    await provider.close();
    return send(rawChat(chat(), authorized));
  },
  // How it really comes to that is shown in routing/breaker.test.ts.
  provider_unavailable: () => {
    jest.spyOn(Breaker.prototype, 'enter').mockReturnValueOnce(undefined);
    return send(rawChat(chat(), authorized));
  },
  provider_invalid_response: () => {
    provider.behave(answersBytes('nonsense'));
    return send(rawChat(chat(), authorized));
  },
  provider_credentials_rejected: () => {
    provider.behave(answersJson({}, 401));
    return send(rawChat(chat(), authorized));
  },
  provider_timeout: () => {
    provider.behave(neverAnswers);
    return send(rawChat(chat(), authorized));
  },
  stream_cut: () => {
    provider.behave(streamsThenBreaks(chunkEvent('a')));
    return send(rawChat(chat({ stream: true }), authorized));
  },
  draining: async () => {
    provider.behave(streamsThenHangs(chunkEvent('a')));
    const client = await send(rawChat(chat({ stream: true }), authorized));
    await client.receives(/data:/);
    void gateway.app.drain.run();
    return client;
  },
};

const codes = Object.keys(errorCodes) as ErrorCode[];

describe('The error', () => {
  it.each(codes)(
    '%s reaches the client with its status, source and shape, and is counted and logged',
    async (code) => {
      const { status, domain, type, message } = errorCodes[code];
      const client = await causes[code]();
      await client.receives(/\}\}/);
      const inStream = client.received.startsWith('HTTP/1.1 200');
      const body = /\{"error":.*\}/.exec(client.received)?.[0] ?? '';
      expect(JSON.parse(body).error).toMatchObject({
        code,
        type: type.openai,
        message: expect.stringContaining(message),
      });
      if (!inStream) {
        expect(client.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
        expect(client.received).toContain(`x-gateway-error: ${code}; source=${domain}\r\n`);
      }
      expect(client.received).toContain('x-request-id: ');
      const labels = { status: inStream ? '200' : String(status), error_source: domain };
      await waitFor('the count', async () => (await gateway.metric('gateway_requests_total', labels)) === 1);
      expect(await gateway.metric('gateway_requests_total')).toBe(1);
      expect(gateway.requestLine()).toMatchObject({
        errorCode: code,
        errorSource: domain,
        level: domain === 'gateway' ? 'error' : 'info',
      });
      client.socket.destroy();
    },
  );

  it('internal_error tells the client nothing, and the log where it happened', async () => {
    const client = await causes.internal_error();
    await client.receives(/\}\}/);
    expect(client.received).not.toContain('a fault of our own');
    await waitFor('the log line', () => gateway.requestLine() !== undefined);
    expect(gateway.requestLine()?.['cause']).toMatch(/a fault of our own\n\s+at /);
    client.socket.destroy();
  });

  it.each(codes)('%s stands in the request lifecycle with its status', (code) => {
    const page = readFileSync(join(__dirname, '../../docs/request-lifecycle.md'), 'utf8');
    const rows = page.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
    const { status, domain } = errorCodes[code];
    expect(rows.find((cells) => cells[3] === `\`${code}\``)?.slice(2, 5)).toEqual([
      String(status),
      `\`${code}\``,
      domain,
    ]);
  });
});
