import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { selfSigned } from '../../test/support/certificate';
import { startGuarded } from '../../test/support/guarded';
import { waitFor } from '../../test/support/wait';
import type { Ports } from '../driver/messages';
import { Processes } from '../driver/processes';
import { bundleGateway, fullConfig, gatewayProgram, isReady } from './gateway-under-test';
import { type Cores, processUse, type ProcessUse } from './machine';

/** A gateway alone on its core; the provider, in front of it or asked directly, on the other. */
export interface SingleGateway {
  readonly processes: Processes;
  readonly provider: Ports;
  readonly port: number;
  readonly adminPort: number;
  readonly use: () => ProcessUse | undefined;
  readonly stop: () => Promise<void>;
}

/** @param faultShare Share of requests that the provider answers wrongly. */
export async function startSingleGateway(cores: Cores | undefined, faultShare = 0): Promise<SingleGateway> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-gateway-'));
  const certificate = selfSigned(['127.0.0.1']);
  const processes = new Processes(certificate);
  const provider = await processes.provider(cores?.rest, faultShare);
  const program = await gatewayProgram({
    directory,
    file: await bundleGateway(),
    core: cores?.target,
    config: fullConfig(provider.plain, provider.tls),
    trusted: certificate.cert,
  });
  const guarded = await startGuarded({ directory, programs: [program] });
  const stop = async (): Promise<void> => {
    processes.stop();
    await guarded.stop();
  };
  try {
    const ready = (): Promise<boolean> => isReady(program.port);
    await waitFor('the gateway', ready, 20_000, () => guarded.failure());
  } catch (error) {
    await stop();
    throw error;
  }
  const [pid = 0] = guarded.pids;
  return {
    processes,
    provider,
    port: program.port,
    adminPort: program.adminPort,
    use: () => processUse(pid),
    stop,
  };
}
