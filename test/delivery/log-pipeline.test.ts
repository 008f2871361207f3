/**
 * The log collector's configuration, read by a real collector: what a real gateway writes arrives, redacted where it is a
 * log line, and byte for byte where it is an audit line.
 */
import { spawnSync } from 'node:child_process';
import { appendFileSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { redactions } from '../../charts/logging/redaction';
import { defaults } from '../../charts';
import { GatewayProcess } from '../support/gateway-process';
import type { Guarded } from '../support/guarded';
import { CollectorNode, criLines } from '../support/log-collector';
import { type LogSink, startLogSink } from '../support/log-sink';
import { describeWith, program } from '../support/programs';
import { waitFor } from '../support/wait';

const root = resolve(__dirname, '../..');
jest.setTimeout(300_000);

const archive = '/awss3/audit';
const logs = '/awss3/log';
const search = '/otlphttp/loki';

/** What a gateway wrote between its start and its end, with some requests in between. */
async function outputOfAGateway(directory: string): Promise<string[]> {
  const config = join(directory, 'gateway.yaml');
  const keys = { version: 1, access: 'anonymous', providers: [{ name: 'echo', kind: 'echo' }] };
  writeFileSync(
    config,
    stringify({ ...keys, models: [{ name: 'm', targets: [{ provider: 'echo', model: 'm' }] }] }),
  );
  const gateway = GatewayProcess.start('gateway-app/src/main.ts', {
    GATEWAY_CONFIG_FILE: config,
    GATEWAY_MODE: 'development',
    HOST: '127.0.0.1',
    PORT: '0',
    ADMIN_PORT: '0',
  });
  const { url } = await gateway.listening();
  for (let number = 0; number < 20; number += 1) {
    const body = JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hello' }] });
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
  }
  gateway.child.kill('SIGTERM');
  await gateway.exited();
  return gateway.output.split('\n').filter((line) => line !== '');
}

/** Put together here, so that no scanner takes them for real ones. */
const leaks: Readonly<Record<string, string>> = {
  'an authorization': ['Bearer', 'abcdefgh12345678'].join(' '),
  'a key of the gateway': ['gw', 'a'.repeat(43)].join('-'),
  "a provider's key": ['sk', 'proj-abcdefghijklmnop'].join('-'),
  'a JSON web token': ['eyJhbGciOiJSUzI1NiJ9', 'eyJzdWIiOiJhIn0xxxxx', 'c2lnbmF0dXJl'].join('.'),
  "a cloud's access key": `AKIA${'A1B2'.repeat(4)}`,
  'credentials in an address': 'redis://user:hunter2@store:6379',
  'a mail address': 'someone@example.org',
};

/** Each told apart by its number, since what is left of them is the same. */
const messageWith = (text: string, number: number): string =>
  JSON.stringify({ level: 'error', msg: `failure ${number} with ${text} at last` });

describeWith(['otelcol'], 'The log collector', () => {
  let sink: LogSink;
  let node: CollectorNode;
  let collector: Guarded;
  let written: string[];
  const isAudit = (line: string) => line.startsWith('{"kind":"audit",');
  const long = JSON.stringify({ level: 'info', msg: 'x'.repeat(40_000) });

  beforeAll(async () => {
    sink = await startLogSink();
    node = new CollectorNode(sink.url);
    written = [...(await outputOfAGateway(node.directory)), long, ...Object.values(leaks).map(messageWith)];
    const file = join(node.podFolder, '0.log');
    const third = Math.ceil(written.length / 3);
    writeFileSync(file, criLines(written.slice(0, third)));
    collector = await node.start();
    const audited = (count: number) =>
      waitFor(
        `${count} audit lines`,
        () => sink.lines(archive).length >= count,
        90_000,
        () => collector.failure(),
      );
    await audited(written.slice(0, third).filter(isAudit).length);
    // The kubelet rotates a file when it has grown.
    renameSync(file, `${file}.20260101-000000`);
    // And the bucket is away for a while.
    sink.refuse(true);
    writeFileSync(file, criLines(written.slice(third, 2 * third)));
    await waitFor(
      'a refusal',
      () => sink.refusals() > 0,
      90_000,
      () => collector.failure(),
    );
    await collector.stop();
    collector = await node.start();
    appendFileSync(file, criLines(written.slice(2 * third)));
    sink.refuse(false);
    await audited(written.filter(isAudit).length);
    await waitFor(
      'the log lines',
      () => sink.lines(logs).length >= written.length - written.filter(isAudit).length,
    );
  });
  afterAll(async () => {
    await collector.stop();
    await sink.close();
    rmSync(node.directory, { recursive: true });
  });

  it('is of the version that the manifests name', () => {
    const { stdout } = spawnSync(program('otelcol'), ['--version'], { encoding: 'utf8' });
    expect(stdout.trim().split(' ').at(-1)).toBe(defaults.collectorImage.split(':').at(-1));
  });

  it('brings each audit line to the bucket, as it was written', () => {
    const audit = written.filter(isAudit);
    expect(audit.length).toBeGreaterThan(20);
    expect([...new Set(sink.lines(archive))].sort()).toEqual([...audit].sort());
  });

  it('brings each log line once more apart from them, long ones in one piece', () => {
    expect(sink.lines(logs).filter(isAudit)).toEqual([]);
    expect(sink.lines(logs)).toContain(long);
    expect(new Set(sink.lines(logs)).size).toBe(written.filter((line) => !isAudit(line)).length);
  });

  it('brings both to where they are searched', () => {
    expect(new Set(sink.lines(search))).toEqual(new Set([...sink.lines(archive), ...sink.lines(logs)]));
  });

  it.each(redactions.map(({ what }) => what))('leaves out %s', (what) => {
    const hidden = sink.lines(logs).filter((line) => line.includes('[redacted]'));
    expect(hidden).toHaveLength(redactions.length);
    expect(leaks).toHaveProperty([what]);
    expect(sink.lines(logs).join('\n') + sink.lines(search).join('\n')).not.toContain(leaks[what]);
  });

  describe('and docs/restore/audit-log.md', () => {
    const page = readFileSync(join(root, 'docs/restore/audit-log.md'), 'utf8');
    const command = /^ *(LC_ALL=C sort .*)$/m.exec(page)?.[1] ?? '';

    /** The commands of the page, given what came from the bucket. */
    function verify(lines: readonly string[]) {
      writeFileSync(join(node.directory, 'exported.log'), lines.map((line) => `${line}\n`).join(''));
      const sorted = spawnSync('bash', ['-c', command], { cwd: node.directory, encoding: 'utf8' });
      expect({ status: sorted.status, stderr: sorted.stderr }).toEqual({ status: 0, stderr: '' });
      const path = join(node.directory, 'audit.log');
      return spawnSync('npm', ['run', '--silent', 'audit:verify', '--', path], {
        cwd: root,
        encoding: 'utf8',
      });
    }

    it('make a whole chain of what came from the bucket, in any order and with lines twice', () => {
      const lines = sink.lines(archive);
      const { status, stdout } = verify([...lines].reverse().concat(lines.slice(3, 6)));
      expect(stdout).toContain('WHOLE: 0 findings');
      expect(status).toBe(0);
    });

    it('find a line that was changed in the bucket, also where the right one is there too', () => {
      const lines = sink.lines(archive);
      const changed = lines[4]!.replace('"status":200', '"status":403');
      expect(changed).not.toBe(lines[4]);
      expect(verify([...lines.slice(0, 4), changed, ...lines.slice(5)]).stdout).toContain('BROKEN');
      expect(verify([...lines, changed]).stdout).toContain('BROKEN');
    });
  });
});
