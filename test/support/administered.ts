import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { request, type IncomingMessage, type RequestOptions } from 'node:http';
import { text } from 'node:stream/consumers';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { configFor, startGateway, type RunningGateway } from './running-gateway';
import { waitFor } from './wait';

export const adminToken = 'admin-token-that-is-long-enough-to-be-one';
export const otherToken = 'another-token-that-is-long-enough-to-be-one';
export const clientKey = 'sk-client-key';
export const clientKeyHash = createHash('sha256').update(clientKey).digest('hex');
export const providerKey = 'sk-provider-secret';

/** The configuration of {@link startAdministered}. */
export function administered(baseUrl: string, changes: Partial<RuntimeConfigInput> = {}): RuntimeConfigInput {
  return configFor(baseUrl, {
    access: 'keys',
    providers: [{ name: 'up', kind: 'openai', baseUrl, apiKeyFile: 'provider-key' }],
    tenants: [{ name: 'team-a', keys: [{ sha256: clientKeyHash }], models: ['m'] }],
    admin: { tokenFile: 'admin-token', allowlist: ['127.0.0.1/32', '::1/128'] },
    ...changes,
  });
}

/** A gateway that operators on this machine may use. */
export function startAdministered(
  baseUrl: string,
  changes: Partial<RuntimeConfigInput> = {},
): Promise<RunningGateway> {
  return startGateway({
    config: administered(baseUrl, changes),
    secrets: { 'admin-token': adminToken, 'provider-key': providerKey, short: 'x'.repeat(31) },
    timings: { shutdown: { endpointPropagationMs: 1, drainLimitMs: 100, exitMarginMs: 2_000 } },
  });
}

export interface AdminAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

/** Asks with the right token, by node:http, which lets a test choose the address it comes from. */
export async function askAdmin(
  gateway: RunningGateway,
  method: string,
  path: string,
  options: RequestOptions = {},
  body?: string,
): Promise<AdminAnswer> {
  const sent = request(`${gateway.adminUrl}${path}`, {
    method,
    agent: false,
    ...options,
    headers: { authorization: `Bearer ${adminToken}`, ...(options.headers as Record<string, string>) },
  });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: JSON.parse(await text(answer)) as Record<string, unknown>,
  };
}

/** The audit's records of operators' requests, as soon as there are so many. */
export function adminRecords(gateway: RunningGateway, count: number): Promise<Record<string, unknown>[]> {
  return waitFor('the records', () => {
    const records = gateway
      .auditText()
      .split('\n')
      .filter((line) => line.includes('"event":"admin"'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    return records.length >= count && records;
  });
}
