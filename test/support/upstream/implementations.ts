import { Http1Client, type Http1ClientOptions } from '../../../gateway-app/src/upstream/http1/client';
import type { UpstreamClient } from '../../../gateway-app/src/core/upstream';
import { selfSigned } from '../certificate';
import { ScriptedServer, type Script } from './scripted-server';
import { UndiciClient } from './undici-client';

export type Implementation = 'http1' | 'undici';
export type Transport = 'plain' | 'TLS';
export type TestedClient = UpstreamClient & { destroy(): unknown };

const certificate = selfSigned(['127.0.0.1', 'localhost']);

/** Each implementation over each transport, for `describe.each`. */
export const variants: { implementation: Implementation; transport: Transport }[] = [
  { implementation: 'http1', transport: 'plain' },
  { implementation: 'http1', transport: 'TLS' },
  { implementation: 'undici', transport: 'plain' },
  { implementation: 'undici', transport: 'TLS' },
];

export function makeClient(
  implementation: Implementation,
  options: Omit<Http1ClientOptions, 'connectTimeoutMs' | 'ca'> & {
    connectTimeoutMs?: number;
    ca?: string | undefined;
  },
): TestedClient {
  const { ca, ...others } = { connectTimeoutMs: 5_000, ca: certificate.cert, ...options };
  return implementation === 'http1'
    ? new Http1Client({ ...others, ca: () => ca })
    : new UndiciClient({ ...others, ca });
}

/** Runs `test` with a server that follows `script` and a client for it, and closes both. */
export async function between(
  { implementation, transport }: (typeof variants)[number],
  script: Script,
  test: (client: TestedClient, server: ScriptedServer) => Promise<void>,
): Promise<void> {
  const server = await ScriptedServer.start(script, transport === 'TLS' ? { ...certificate } : undefined);
  const client = makeClient(implementation, { origin: server.origin });
  try {
    await test(client, server);
  } finally {
    await client.destroy();
    await server.close();
  }
}
