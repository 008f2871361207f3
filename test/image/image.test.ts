import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ChildProcess } from 'node:child_process';
import { filePaths, httpPaths } from '../../gateway-app/contract/paths';
import { buildImage, containerEngine, engine, inContainer, startContainer } from '../support/container-image';
import { describeWith } from '../support/programs';

const tag = 'localhost/api-gateway:test';
const buildMs = 600_000;

const config = `
version: 1
providers:
  - {name: openai, kind: openai, baseUrl: 'https://api.openai.com/v1', apiKeyFile: openai-api-key}
models:
  - {name: gpt-4o-mini, targets: [{provider: openai, model: gpt-4o-mini}]}
`;

describeWith([containerEngine], 'the image', () => {
  let digest: string;

  beforeAll(() => {
    digest = buildImage(tag);
  }, buildMs);

  it(
    'is the same image when it is built again',
    () => {
      expect(digest).toMatch(/^(sha256:)?[0-9a-f]{64}$/);
      expect(buildImage(tag)).toBe(digest);
    },
    buildMs,
  );

  it('names its user by a number that is not root', () => {
    expect(engine('image', 'inspect', '--format', '{{.Config.User}}', tag).trim()).toMatch(
      /^[1-9]\d{4,}:[1-9]\d{4,}$/,
    );
  });

  it('is smaller than 160 MB', () => {
    expect(Number(engine('image', 'inspect', '--format', '{{.Size}}', tag))).toBeLessThan(160e6);
  });

  it('holds the bundle and the licences, no source, no package and no shell', () => {
    const found = inContainer(
      tag,
      `const fs = require('node:fs');
       const shells = ['/bin/sh', '/bin/bash', '/bin/dash', '/bin/busybox'].filter(fs.existsSync);
       const app = fs.readdirSync('/app', { recursive: true }).sort();
       const bytes = fs.statSync('/app/gateway.js').size + fs.statSync('/app/telemetry/otlp-exporter.js').size;
       console.log(JSON.stringify({ app, shells, bytes }));`,
    );
    const { app, shells, bytes } = JSON.parse(found) as { app: string[]; shells: string[]; bytes: number };
    expect(app).toEqual([
      'LICENSE',
      'THIRD-PARTY-NOTICES.txt',
      'gateway.js',
      'telemetry',
      'telemetry/otlp-exporter.js',
    ]);
    expect(shells).toEqual([]);
    expect(bytes).toBeLessThan(3e6);
  });

  it('can write to /tmp and nowhere else, and holds no capability', () => {
    const found = inContainer(
      tag,
      `const fs = require('node:fs');
       const writable = (folder) => { try { fs.writeFileSync(folder + '/probe', ''); return true; } catch { return false; } };
       const capabilities = /CapEff:\\s*(\\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
       console.log(JSON.stringify({ tmp: writable('/tmp'), others: ['/', '/app', '/etc', '/home/nonroot', '/var'].filter(writable), capabilities, uid: process.getuid(), node: process.version }));`,
    );
    expect(JSON.parse(found)).toEqual({
      tmp: true,
      others: [],
      capabilities: '0000000000000000',
      uid: 65532,
      node: expect.stringMatching(/^v24\./),
    });
  });

  describe('started in production mode', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-image-'));
    let container: ChildProcess;
    let address: string;

    beforeAll(async () => {
      chmodSync(folder, 0o755);
      writeFileSync(join(folder, 'gateway.yaml'), config);
      writeFileSync(join(folder, 'openai-api-key'), 'not-a-real-key');
      container = startContainer(tag, [
        ...['GATEWAY_MODE=production', 'HOST=127.0.0.1', 'PORT=0', 'ADMIN_PORT=0'].map(
          (pair) => `--env=${pair}`,
        ),
        `--volume=${folder}:${filePaths.configDirectory}:ro`,
        `--volume=${folder}:${filePaths.secretsDirectory}:ro`,
      ]);
      address = await publicAddress(container);
    });

    afterAll(() => {
      container.kill('SIGKILL');
      rmSync(folder, { recursive: true });
    });

    it('is ready with the configuration and the secret that are mounted', async () => {
      expect((await fetch(`http://${address}${httpPaths.ready}`)).status).toBe(200);
    });

    it('ends with exit code 0 on SIGTERM', async () => {
      const exited = once(container, 'exit');
      container.kill('SIGTERM');
      expect(await exited).toEqual([0, null]);
    });
  });
});

/** Where the gateway listens, by its own log. Fails with what the container printed where it ends before. */
async function publicAddress(container: ChildProcess): Promise<string> {
  const printed: string[] = [];
  container.stderr?.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  for await (const line of createInterface({ input: container.stdout! })) {
    printed.push(line);
    const found = /"public":"([^"]+)"/.exec(line)?.[1];
    if (found !== undefined) {
      container.stdout?.resume();
      return found;
    }
  }
  throw new Error(`The gateway ended before it listened:\n${printed.join('\n')}`);
}
