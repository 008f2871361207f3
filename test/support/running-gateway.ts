import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { GatewayMode } from '../../gateway-app/contract/env';
import type { RuntimeConfigInput } from '../../gateway-app/contract/runtime-config';
import { createApp, type App } from '../../gateway-app/src/app';
import { contractTimings, type Timings } from '../../gateway-app/src/core/timings';
import { LineOutput } from '../../gateway-app/src/telemetry/line-output';
import { createLogger } from '../../gateway-app/src/telemetry/logger';
import { sumOf } from './exposition';

export type LogLine = Record<string, unknown>;

export interface RunningGateway {
  readonly url: string;
  readonly adminUrl: string;
  readonly app: App;
  readonly configFile: string;
  readonly secretsDirectory: string;
  readonly logLines: LogLine[];
  metrics(): Promise<string>;
  /** The value of a metric, summed over the series with these labels. */
  metric(name: string, labels?: Record<string, string>): Promise<number>;
  /** What the audit has written to standard output so far. */
  auditText(): string;
  /** The line of the request with this id; the last one without. */
  requestLine(id?: string): LogLine | undefined;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly config: RuntimeConfigInput;
  readonly mode?: GatewayMode;
  readonly secrets?: Record<string, string>;
  readonly timings?: { readonly [Ladder in keyof Timings]?: Partial<Timings[Ladder]> };
}

/** The whole gateway on real sockets and a real configuration file, with ports of the system's choice. */
export async function startGateway({
  config,
  mode = 'development',
  secrets = {},
  timings = {},
}: GatewayOptions): Promise<RunningGateway> {
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const configFile = join(folder, 'gateway.yaml');
  writeFileSync(configFile, stringify(config));
  for (const [name, value] of Object.entries(secrets)) writeFileSync(join(folder, name), `${value}\n`);
  const logLines: LogLine[] = [];
  const logger = createLogger('info', {
    write: (line) => {
      logLines.push(JSON.parse(line) as LogLine);
    },
  });
  // Stands in for standard output, where only the audit goes here.
  const auditFile = join(folder, 'stdout');
  const auditFd = openSync(auditFile, 'w');
  const app = await createApp({
    environment: { mode, configFile, secretsDirectory: folder },
    logger,
    output: new LineOutput(auditFd, 1024 * 1024),
    timings: fasterTimings(timings),
  });
  const url = await listen(app.publicServer, config.tls === undefined ? 'http' : 'https');
  const adminUrl = await listen(app.adminServer);
  const metrics = async (): Promise<string> => (await fetch(`${adminUrl}/metrics`)).text();
  return {
    url,
    adminUrl,
    app,
    configFile,
    secretsDirectory: folder,
    logLines,
    metrics,
    metric: async (name, labels) => sumOf(await metrics(), name, labels),
    auditText: () => readFileSync(auditFile, 'utf8'),
    requestLine: (id) =>
      logLines.findLast(
        (line) => line['msg'] === 'request' && (id === undefined || line['requestId'] === id),
      ),
    close: async () => {
      await app.close();
      closeSync(auditFd);
      rmSync(folder, { recursive: true });
    },
  };
}

/** The contract's ladder with some rungs replaced. */
export function fasterTimings(changes: GatewayOptions['timings'] = {}): Timings {
  return {
    upstream: { ...contractTimings.upstream, ...changes.upstream },
    client: { ...contractTimings.client, ...changes.client },
    request: { ...contractTimings.request, ...changes.request },
    shutdown: { ...contractTimings.shutdown, ...changes.shutdown },
    config: { pollMs: 50, ...changes.config },
    store: { ...contractTimings.store, ...changes.store },
    identity: { ...contractTimings.identity, ...changes.identity },
    tracing: { ...contractTimings.tracing, ...changes.tracing },
  };
}

/** One provider at `baseUrl`, one model `m`, anybody may ask. */
export function configFor(baseUrl: string, changes: Partial<RuntimeConfigInput> = {}): RuntimeConfigInput {
  return {
    version: 1,
    access: 'anonymous',
    providers: [{ name: 'up', kind: 'openai', baseUrl }],
    models: [{ name: 'm', targets: [{ provider: 'up', model: 'provider-model' }] }],
    ...changes,
  };
}

/** A chat completion for model `m`. */
export function postChat(
  gateway: Pick<RunningGateway, 'url'>,
  fields: Record<string, unknown> = {},
  init: RequestInit = {},
): Promise<Response> {
  return fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...fields }),
    ...init,
    headers: { 'content-type': 'application/json', ...(init.headers as Record<string, string>) },
  });
}

async function listen(server: App['publicServer'], scheme: 'http' | 'https' = 'http'): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
