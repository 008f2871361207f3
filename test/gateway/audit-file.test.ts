import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AuditLog, auditLimits } from '../../gateway-app/src/audit/audit-log';
import { Chain } from '../../gateway-app/src/audit/chain';
import { FileSink, type FileSinkOptions } from '../../gateway-app/src/audit/file-sink';
import { inOrderOfTime, linesOf } from '../../gateway-app/src/audit/line-files';
import { Verifier, type Report, type VerifierOptions } from '../../gateway-app/src/audit/verifier';
import { faults } from '../support/audit-lines';
import { mountSmallDisk } from '../support/small-disk';
import { waitFor } from '../support/wait';

let directory: string;
let path: string;
const open: AuditLog[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'audit-file-'));
  path = join(directory, 'audit.log');
});
afterEach(async () => {
  for (const audit of open.splice(0)) await audit.close();
  rmSync(directory, { recursive: true });
});

interface OpenLog {
  readonly audit: AuditLog;
  readonly chain: Chain;
}

async function openLog(id: string, options: Partial<FileSinkOptions> = {}): Promise<OpenLog> {
  const opened = await FileSink.open({ path, maxBytes: 1e6, maxFiles: 3, retryMs: 5, ...options });
  const chain = new Chain(id);
  const audit = new AuditLog({
    ...opened,
    chain,
    origin: { instance: 'host', pid: 1, processStart: '2026-01-01T00:00:00.000Z' },
    onFailure: 'refuse',
    limits: { ...auditLimits, flushMs: 1, closeMs: 200, maxBufferedBytes: 40_000 },
    report: () => undefined,
  });
  open.push(audit);
  return { audit, chain };
}

function append({ audit }: OpenLog, count: number): void {
  for (let number = 0; number < count; number += 1) audit.append('request', `"requestId":"r-${number}"`);
}

async function write(log: OpenLog, count: number): Promise<void> {
  append(log, count);
  await waitFor('the lines', () => log.audit.writtenSequence === log.chain.head.sequence);
}

async function verify(options: Partial<VerifierOptions> = {}, folder = directory): Promise<Report> {
  const verifier = new Verifier({ mixed: false, partial: false, heads: [], ...options });
  const files = readdirSync(folder).map((name) => join(folder, name));
  for (const file of await inOrderOfTime(files)) {
    for await (const { bytes, place } of linesOf(file)) verifier.read(bytes, place);
  }
  return verifier.finish();
}

const firstRecord = (file: string): Record<string, unknown> =>
  JSON.parse(readFileSync(file, 'utf8').split('\n')[0]!) as Record<string, unknown>;

describe('An audit file', () => {
  it('is readable by its owner alone', async () => {
    await write(await openLog('a'), 1);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is followed by others before it grows too large, in one chain, and only so many are kept', async () => {
    const log = await openLog('a', { maxBytes: 4_000 });
    for (let round = 0; round < 20; round += 1) await write(log, 3);
    await log.audit.close();
    expect(readdirSync(directory).sort()).toEqual(['audit.log', 'audit.log.1', 'audit.log.2']);
    for (const name of readdirSync(directory)) {
      expect(statSync(join(directory, name)).size).toBeLessThanOrEqual(4_000);
      expect(firstRecord(join(directory, name))).toMatchObject({ event: 'file', instance: 'host' });
    }
    const report = await verify();
    expect(faults(report)).toEqual([]);
    expect(report.chains[0]!.firstSequence).toBeGreaterThan(0);
    expect(report.chains[0]!.lastSequence).toBe(log.chain.head.sequence);
  });

  it('shows a file that was taken out of the middle', async () => {
    const log = await openLog('a', { maxBytes: 4_000, maxFiles: 9 });
    for (let round = 0; round < 20; round += 1) await write(log, 3);
    await log.audit.close();
    rmSync(`${path}.2`);
    const { findings } = await verify();
    expect(findings).toMatchObject([{ fault: 'missing', place: { file: `${path}.1`, line: 1 } }]);
  });

  it('shows a line that was cut off the end of an earlier file', async () => {
    const log = await openLog('a', { maxBytes: 4_000 });
    for (let round = 0; round < 5; round += 1) await write(log, 3);
    await log.audit.close();
    const lines = readFileSync(`${path}.1`, 'utf8').trimEnd().split('\n');
    writeFileSync(`${path}.1`, `${lines.slice(0, -1).join('\n')}\n`);
    expect((await verify()).findings).toMatchObject([{ fault: 'missing', place: { file: path, line: 1 } }]);
  });

  it('is gone on with by the next process, whose chain names the last line that it found', async () => {
    const first = await openLog('a');
    await write(first, 3);
    await first.audit.close();
    const second = await openLog('b');
    await write(second, 1);
    await second.audit.close();
    const start = JSON.parse(readFileSync(path, 'utf8').split('\n')[5]!) as Record<string, unknown>;
    expect(start).toMatchObject({ chain: 'b', event: 'start', predecessor: first.chain.head });
    expect(faults(await verify())).toEqual([]);
  });

  it('shows that the end of an earlier chain was cut off', async () => {
    const first = await openLog('a');
    await write(first, 3);
    await first.audit.close();
    await write(await openLog('b'), 1);
    const lines = readFileSync(path, 'utf8').split('\n');
    writeFileSync(path, lines.filter((_, index) => index !== 3 && index !== 4).join('\n'));
    expect((await verify()).findings).toMatchObject([{ fault: 'cut', place: { line: 4 } }]);
    writeFileSync(path, lines.slice(5).join('\n'));
    // All of it is gone: that is what removing an old file looks like too.
    expect(faults(await verify())).toEqual([]);
  });

  it('loses the half line that a crash has left at its end, and the next chain says so', async () => {
    const first = await openLog('a');
    await write(first, 2);
    await first.audit.close();
    appendFileSync(path, '{"kind":"audit","cha');
    const second = await openLog('b');
    await write(second, 1);
    await second.audit.close();
    expect(readFileSync(path, 'utf8')).toContain('"cutBytes":20');
    expect(faults(await verify())).toEqual([]);
  });

  it('says where it ended in something that is no audit line', async () => {
    writeFileSync(path, 'something else\n');
    await write(await openLog('a'), 1);
    expect(readFileSync(path, 'utf8')).toContain('"predecessor":"unreadable"');
    expect((await verify()).findings).toMatchObject([{ fault: 'unreadable', place: { line: 1 } }]);
  });

  it('is refused where it is a large file without lines', async () => {
    writeFileSync(path, 'x'.repeat(100_000));
    await expect(openLog('a')).rejects.toThrow('it is no audit file');
    expect(statSync(path).size).toBe(100_000);
  });

  it('is made anew where somebody has removed or moved it, and the chain shows what went with it', async () => {
    const log = await openLog('a');
    await write(log, 2);
    renameSync(path, join(directory, 'moved'));
    await write(log, 2);
    await log.audit.close();
    expect(faults(await verify())).toEqual([]);
    rmSync(join(directory, 'moved'));
    expect((await verify()).findings).toMatchObject([{ fault: 'missing', place: { line: 1 } }]);
  });

  it('makes the log refuse requests while its folder is gone', async () => {
    const log = await openLog('a');
    await write(log, 1);
    const away = `${directory}-away`;
    renameSync(directory, away);
    try {
      append(log, 1);
      await waitFor('the failure', () => !log.audit.admitsRequests);
    } finally {
      renameSync(away, directory);
    }
    await waitFor('the recovery', () => log.audit.admitsRequests);
    await log.audit.close();
    expect(faults(await verify())).toEqual([]);
  });
});

const disk = mountSmallDisk(64);
afterAll(() => disk?.remove());
if (disk === undefined) process.stderr.write('SKIPPED A full disk: this user may not mount a tmpfs\n');

(disk === undefined ? describe.skip : describe)('A full disk', () => {
  const folder = disk?.directory ?? '';
  const filler = join(folder, 'filler');
  const full = join(folder, 'audit.log');

  beforeEach(() => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
  });

  it('makes the log refuse requests; once there is room the chain goes on, whole, with the losses counted', async () => {
    const log = await openLog('a', { path: full });
    await write(log, 1);
    fillDisk(filler);
    while (log.audit.droppedRecords < 10) append(log, 20);
    await waitFor('the failure', () => !log.audit.isWorking);
    expect(log.audit.admitsRequests).toBe(false);
    // The half line that fitted was taken back: a reader never sees one.
    await waitFor('whole lines', () => readFileSync(full, 'utf8').endsWith('"}\n'));

    rmSync(filler);
    await waitFor('the recovery', () => log.audit.admitsRequests);
    await waitFor('the gap record', () => readFileSync(full, 'utf8').includes('"event":"gap"'));
    await write(log, 1);
    await log.audit.close();
    const report = await verify({}, folder);
    expect(faults(report)).toEqual([]);
    expect(report.chains[0]).toMatchObject({ lostRecords: log.audit.droppedRecords, ended: true });
  });

  it('in the moment of a rotation leaves no empty file behind', async () => {
    const log = await openLog('a', { path: full, maxBytes: 8_000, maxFiles: 9 });
    // So far that the next line begins a file.
    do await write(log, 1);
    while (statSync(full).size < 7_400);
    fillDisk(filler);
    append(log, 4);
    await waitFor('the failure', () => !log.audit.isWorking);
    await waitFor('the rotation', () => existsSync(`${full}.1`));
    // Each try in vain takes its half line back, which changes the file.
    const changes = new Set<number | undefined>();
    await waitFor(
      'some tries in vain',
      () => changes.add(statSync(full, { throwIfNoEntry: false })?.ctimeMs).size > 3,
    );
    rmSync(filler);
    await waitFor('the recovery', () => log.audit.isWorking);
    await log.audit.close();
    expect(faults(await verify({}, folder))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['audit.log', 'audit.log.1']);
  });

  it('stops no rotation half way: what can be written after it is one whole chain', async () => {
    const log = await openLog('a', { path: full, maxBytes: 8_000, maxFiles: 2 });
    for (let round = 0; round < 6; round += 1) await write(log, 5);
    fillDisk(filler);
    append(log, 60);
    await waitFor('the failure', () => !log.audit.isWorking);
    rmSync(filler);
    await waitFor('the recovery', () => log.audit.isWorking);
    await log.audit.close();
    expect(faults(await verify({}, folder))).toEqual([]);
    expect(readdirSync(folder).sort()).toEqual(['audit.log', 'audit.log.1']);
  });
});

function fillDisk(file: string): void {
  try {
    for (;;) appendFileSync(file, Buffer.alloc(512));
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' });
  }
}
