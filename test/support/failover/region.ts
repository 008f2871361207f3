import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { env } from '../../../gateway-app/contract/env';
import type { Certificate } from '../certificate';
import { freePorts } from '../free-ports';
import { GatewayProcess } from '../gateway-process';

const config = JSON.stringify({
  version: 1,
  access: 'anonymous',
  providers: [{ name: 'echo', kind: 'echo' }],
  models: [{ name: 'echo', targets: [{ provider: 'echo', model: 'echo' }] }],
});

/** A gateway's process behind an entry that ends TLS: as much of a region as a loopback address can hold. */
export class TestRegion {
  #entry: Server | undefined;
  #gateway: GatewayProcess | undefined;
  readonly #open = new Set<Socket>();
  readonly #folder = mkdtempSync(join(tmpdir(), 'region-'));

  private constructor(
    private readonly certificate: Certificate,
    /** Of the entry, for as long as the region lives or is down. */
    readonly port: number,
  ) {}

  static async start(certificate: Certificate): Promise<TestRegion> {
    const [port = 0] = await freePorts(1);
    const region = new TestRegion(certificate, port);
    try {
      await region.start();
    } catch (error) {
      await region.close();
      throw error;
    }
    return region;
  }

  /** Comes up, for the first time or again. */
  async start(): Promise<void> {
    const configFile = join(this.#folder, 'gateway.yaml');
    writeFileSync(configFile, config);
    const gateway = GatewayProcess.start('gateway-app/src/main.ts', {
      [env.configFile.name]: configFile,
      [env.host.name]: '127.0.0.1',
      [env.publicPort.name]: '0',
      [env.adminPort.name]: '0',
    });
    this.#gateway = gateway;
    const { url } = await gateway.listening();
    await this.open(Number(new URL(url).port));
  }

  /** Is lost at once, entry and gateway. */
  async kill(): Promise<void> {
    await this.shut();
    await this.#gateway?.kill();
    this.#gateway = undefined;
  }

  /** Cannot be reached for a while, though it runs. */
  async unreachableFor(pause: () => Promise<void>): Promise<void> {
    const { url } = (await this.#gateway?.listening()) ?? { url: '' };
    await this.shut();
    await pause();
    await this.open(Number(new URL(url).port));
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true });
  }

  private async open(gatewayPort: number): Promise<void> {
    const entry = createServer({ ...this.certificate }, (client) => {
      const gateway = connect(gatewayPort, '127.0.0.1');
      for (const socket of [client, gateway]) {
        this.#open.add(socket);
        socket.on('close', () => this.#open.delete(socket));
        // Whoever breaks off, both ends go.
        socket.on('error', () => {
          client.destroy();
          gateway.destroy();
        });
      }
      client.pipe(gateway).pipe(client);
    });
    entry.on('tlsClientError', () => undefined);
    entry.listen(this.port, '127.0.0.1');
    await once(entry, 'listening');
    this.#entry = entry;
  }

  private async shut(): Promise<void> {
    const entry = this.#entry;
    if (entry === undefined) return;
    this.#entry = undefined;
    const closed = once(entry, 'close');
    entry.close();
    for (const socket of this.#open) socket.destroy();
    await closed;
  }
}
