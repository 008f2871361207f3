import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { env } from '../contract/env';
import { httpPaths } from '../contract/paths';
import { InvalidInput } from '../contract/validate';
import { createApp, type App } from './app';
import { readProcessEnvironment, type ProcessEnvironment } from './config/process-env';
import { contractTimings, type Timings } from './core/timings';
import { LineOutput } from './telemetry/line-output';
import { createLogger } from './telemetry/logger';

/** Beyond this, a collector that does not read loses lines, instead of the gateway its memory. */
const maxLogBytes = 8 * 1024 * 1024;
/** Connections that may wait to be taken: a burst of streams after a restart or a failover is more than Node's 511. */
const listenBacklog = 4_096;
/** How long the end waits for a collector to take the last lines. */
const flushMs = 500;

/** What the operator can correct: printed as it is, without a stack. */
class CannotListen extends Error {
  override readonly name = 'CannotListen';
}

/**
 * Starts the gateway and runs it until a signal ends it. Exit code 0: drained. 1: it could not start, or it failed.
 *
 * @param timings Default: the contract's; in development nobody has to hear of the end first, so that Ctrl-C ends at once.
 */
export async function main(variables: NodeJS.ProcessEnv, timings?: Timings): Promise<void> {
  const environment = readProcessEnvironment(variables);
  const output = new LineOutput(1, maxLogBytes);
  const logger = createLogger(environment.logLevel, output, environment.region);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'the gateway failed and ends');
    output.flushSync();
    process.exit(1);
  });
  const app = await createApp({
    environment,
    logger,
    output,
    timings: timings ?? timingsOf(environment),
    onEndAsked: () => {
      if (!app.drain.isBegun) void end('admin');
    },
  });
  const { host, publicPort, adminPort } = environment;
  const adminAddress = await listen(app.adminServer, host, adminPort, env.adminPort.name);
  const publicAddress = await listen(app.publicServer, host, publicPort, env.publicPort.name);
  logger.info({ mode: environment.mode, public: publicAddress, admin: adminAddress }, 'listening');
  if (environment.mode === 'development') console.log(invitation(environment, publicAddress, adminAddress));

  const end = async (cause: NodeJS.Signals | 'admin'): Promise<void> => {
    logger.info({ cause }, 'draining');
    await app.drain.run();
    await app.close();
    logger.info('drained');
    await output.drained(flushMs);
    process.exit(0);
  };
  onSignals(app, (signal) => void end(signal));
}

function timingsOf({ mode }: ProcessEnvironment): Timings {
  if (mode === 'production') return contractTimings;
  return { ...contractTimings, shutdown: { ...contractTimings.shutdown, endpointPropagationMs: 0 } };
}

/** The first signal drains; the second waits for nobody any more. */
function onSignals(app: App, drain: (signal: NodeJS.Signals) => void): void {
  const onSignal = (signal: NodeJS.Signals): void => {
    if (app.drain.isBegun) app.drain.hasten();
    else drain(signal);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}

async function listen(server: Server, host: string, port: number, variable: string): Promise<string> {
  try {
    server.listen({ port, host, backlog: listenBacklog });
    await once(server, 'listening');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason =
      code === 'EADDRINUSE' ? 'is in use by another program' : `is refused (${code ?? String(error)})`;
    throw new CannotListen(
      `Port ${port} on ${host} ${reason}, so the gateway cannot listen. Set ${variable} to a free port.`,
    );
  }
  const { address, family, port: bound } = server.address() as AddressInfo;
  return `${family === 'IPv6' ? `[${address}]` : address}:${bound}`;
}

function invitation({ configFile }: ProcessEnvironment, publicAddress: string, adminAddress: string): string {
  const address = `http://${publicAddress}`;
  if (configFile !== undefined) return `Models: curl ${address}${httpPaths.models}`;
  const body = `{"model":"echo","stream":true,"messages":[{"role":"user","content":"Hello"}]}`;
  return [
    `The gateway answers with the built-in echo provider. Metrics: http://${adminAddress}${httpPaths.metrics}. Try:`,
    `curl -N ${address}${httpPaths.chatCompletions} -H 'content-type: application/json' -d '${body}'`,
  ].join('\n');
}

if (require.main === module) {
  main(process.env).catch((error: unknown) => {
    const foreseen = error instanceof InvalidInput || error instanceof CannotListen;
    console.error(foreseen ? error.message : error);
    process.exit(1);
  });
}
