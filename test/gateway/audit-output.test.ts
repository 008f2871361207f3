import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { LineOutput } from '../../gateway-app/src/telemetry/line-output';
import { faults, verifyBytes } from '../support/audit-lines';
import { waitFor } from '../support/wait';

// Each starts processes that compile TypeScript, which takes long on a busy machine.
jest.setTimeout(120_000);

const writer = ['-r', 'ts-node/register/transpile-only', join(__dirname, '../support/audit-writer.ts')];

const start = (shell: string, args: string[]): ChildProcess =>
  spawn('sh', ['-c', `${shell} exec "$0" "$@"`, process.execPath, ...writer, ...args], { stdio: 'pipe' });

describe('Log and audit on one standard output', () => {
  it('never cut into each other, also where the reader is slow and the pipe is full', async () => {
    const child = start('', ['stdout', '4000']);
    const [bytes, words] = await Promise.all([
      buffer(child.stdout!),
      text(child.stderr!),
      once(child, 'exit'),
    ]);
    expect(words).toBe('nothing dropped\n');
    const report = verifyBytes(bytes, { mixed: true });
    expect(faults(report)).toEqual([]);
    expect(report).toMatchObject({ auditLines: 4002, skippedLines: 4000, chains: [{ ended: true }] });
    for (const line of bytes.toString().trimEnd().split('\n')) {
      expect(line.startsWith('{"kind":"audit",') || line.startsWith('{"level":"info","msg":"log line ')).toBe(
        true,
      );
      JSON.parse(line);
    }
  });

  it('share one stream with other processes, each with a chain of its own', async () => {
    const child = spawn(
      'sh',
      ['-c', 'for n in 1 2 3; do "$0" "$@" & done; wait', process.execPath, ...writer, 'stdout', '30'],
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    const report = verifyBytes(await buffer(child.stdout), { mixed: true });
    expect(faults(report)).toEqual([]);
    expect(report.chains.map(({ ended }) => ended)).toEqual([true, true, true]);
  });

  it('say so where the reader is gone', async () => {
    const child = start('', ['stdout', '3000']);
    child.stdout!.destroy();
    const [words] = await Promise.all([text(child.stderr!), once(child, 'exit')]);
    expect(words).toContain('failing\nunwritten\n');
  });

  it('say so where the disk behind it is full', async () => {
    const child = start('exec 1>/dev/full;', ['stdout', '10']);
    const words = await text(child.stderr!);
    expect(words).toContain('failing\nunwritten\n');
  });
});

describe('An audit file that may not grow further', () => {
  it('holds whole lines only, and the process says what it could not write', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'audit-limit-'));
    try {
      const path = join(directory, 'audit.log');
      const child = start('ulimit -f 400;', ['file', path, '2000']);
      const words = await text(child.stderr!);
      expect(words).toBe('failing\nunwritten\nnothing dropped\n');
      const bytes = readFileSync(path);
      expect(bytes.length).toBeLessThanOrEqual(400 * 512);
      expect(bytes.length).toBeGreaterThan(0);
      expect(faults(verifyBytes(bytes))).toEqual([]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('A line output', () => {
  it('drops log lines beyond its bound, keeps what was sent, and says what fails', async () => {
    const fd = openSync('/dev/full', 'w');
    try {
      // No second try within the test: one still under way at the end would write to whatever has the descriptor by then.
      const output = new LineOutput(fd, 1_000, { againMs: 1, failedMs: 60_000 });
      const changes: (string | undefined)[] = [];
      output.onStateChange = () => changes.push((output.failure as NodeJS.ErrnoException | undefined)?.code);
      let sent = false;
      void output.send(Buffer.from('audit\n')).then(() => (sent = true));
      await waitFor('the failure', () => changes.length > 0);
      for (let number = 0; number < 1000; number += 1) output.write(`${'x'.repeat(99)}\n`);
      expect(output.waitingBytes).toBeLessThanOrEqual(1_100);
      expect(changes).toEqual(['ENOSPC']);
      expect(sent).toBe(false);
      output.flushSync();
      expect(output.waitingBytes).toBe(0);
    } finally {
      closeSync(fd);
    }
  });

  it('writes the rest at once before an exit', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'line-output-'));
    const fd = openSync(join(directory, 'out'), 'w');
    try {
      const output = new LineOutput(fd, 1_000);
      output.write('one\n');
      void output.send(Buffer.from('two\n'));
      output.flushSync();
      expect(readFileSync(join(directory, 'out'), 'utf8')).toBe('one\ntwo\n');
      output.write('three\n');
      await output.drained(5_000);
      expect(readFileSync(join(directory, 'out'), 'utf8')).toBe('one\ntwo\nthree\n');
    } finally {
      closeSync(fd);
      rmSync(directory, { recursive: true });
    }
  });
});
