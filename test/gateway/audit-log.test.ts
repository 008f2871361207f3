import fc from 'fast-check';
import { AuditLog, auditLimits, type AuditReport } from '../../gateway-app/src/audit/audit-log';
import { Chain } from '../../gateway-app/src/audit/chain';
import { faults, verifyBytes } from '../support/audit-lines';
import { ScriptedSink } from '../support/scripted-sink';
import { waitFor } from '../support/wait';

const origin = { instance: 'pod-a', pid: 1, processStart: '2026-01-01T00:00:00.000Z' };
const reports: AuditReport[] = [];

function auditLog(sink: ScriptedSink, onFailure: 'refuse' | 'count', limits = {}): AuditLog {
  return new AuditLog({
    sink,
    chain: new Chain('pod-a.1'),
    origin,
    onFailure,
    limits: { ...auditLimits, flushMs: 1, closeMs: 50, ...limits },
    report: (report) => reports.push(report),
  });
}

const events = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
const eventNames = (text: string): unknown[] => events(text).map(({ event }) => event);

beforeEach(() => {
  reports.length = 0;
});

describe('The audit log', () => {
  it('begins with whose chain it is and ends with its end', async () => {
    const sink = new ScriptedSink();
    const audit = auditLog(sink, 'count');
    audit.append('request', '"requestId":"r-1"');
    await audit.close();
    expect(eventNames(sink.text)).toEqual(['start', 'request', 'end']);
    expect(events(sink.text)[0]).toMatchObject({ kind: 'audit', chain: 'pod-a.1', ...origin });
    expect(verifyBytes(Buffer.from(sink.text)).findings).toEqual([]);
    expect(sink.closed).toBe(true);
    expect(audit.writtenSequence).toBe(2);
  });

  it('writes the records of a while at once, without being asked', async () => {
    const sink = new ScriptedSink();
    const audit = auditLog(sink, 'count', { flushMs: 50 });
    for (let number = 0; number < 20; number += 1) audit.append('request', `"requestId":"r-${number}"`);
    expect(sink.batches).toEqual([]);
    await waitFor('the batch', () => sink.batches.length > 0);
    expect(eventNames(sink.text).length).toBe(21);
    expect(sink.batches.length).toBe(1);
    await audit.close();
  });

  it('writes sooner where much has gathered', async () => {
    const sink = new ScriptedSink();
    const audit = auditLog(sink, 'count', { flushMs: 1_000_000, flushBytes: 2_000 });
    for (let number = 0; number < 10; number += 1) audit.append('request', `"requestId":"r-${number}"`);
    await waitFor('a batch', () => sink.batches.length > 0);
    await audit.close();
    expect(events(sink.text).length).toBe(12);
  });

  it('admits no request while its sink fails, and does again once it has written', async () => {
    const sink = new ScriptedSink();
    const audit = auditLog(sink, 'refuse');
    expect(audit.admitsRequests).toBe(true);
    sink.become('fails');
    audit.append('request', '"requestId":"r-1"');
    await waitFor('the failure', () => !audit.admitsRequests);
    audit.append('request', '"requestId":"r-2"');
    sink.become('works');
    await waitFor('the recovery', () => audit.admitsRequests);
    await audit.close();
    expect(eventNames(sink.text)).toEqual(['start', 'request', 'request', 'end']);
    expect(reports).toMatchObject([{ event: 'failing' }, { event: 'recovered', lostRecords: 0 }]);
  });

  it('admits no request while a write hangs', async () => {
    const sink = new ScriptedSink();
    sink.become('hangs');
    const audit = auditLog(sink, 'refuse', { stallMs: 20 });
    expect(audit.admitsRequests).toBe(true);
    await waitFor('the stall', () => !audit.admitsRequests);
    sink.become('works');
    await waitFor('the recovery', () => audit.admitsRequests);
    await audit.close();
  });

  it('admits no request where half of the buffer is taken, so that those in progress find room', () => {
    const sink = new ScriptedSink();
    sink.become('hangs');
    const audit = auditLog(sink, 'refuse', { maxBufferedBytes: 4_000 });
    while (audit.admitsRequests) audit.append('request', '"requestId":"r"');
    for (let number = 0; number < 3; number += 1) audit.append('request', '"requestId":"r"');
    expect(audit.droppedRecords).toBe(0);
  });

  it('admits requests in any case where losses are to be counted', async () => {
    const sink = new ScriptedSink();
    sink.become('fails');
    const audit = auditLog(sink, 'count', { maxBufferedBytes: 2_000 });
    for (let number = 0; number < 50; number += 1) audit.append('request', '"requestId":"r"');
    await waitFor('the failure', () => !audit.isWorking);
    expect(audit.admitsRequests).toBe(true);
    const lost = audit.droppedRecords;
    expect(lost).toBeGreaterThan(40);
    sink.become('works');
    await waitFor('the gap record', () => sink.text.includes('"event":"gap"'));
    audit.append('request', '"requestId":"after"');
    await audit.close();
    expect(events(sink.text).find(({ event }) => event === 'gap')).toMatchObject({ lostRecords: lost });
    const report = verifyBytes(Buffer.from(sink.text));
    expect(report.findings).toEqual([]);
    expect(report.chains[0]!.lostRecords).toBe(lost);
    expect(eventNames(sink.text).slice(-3)).toEqual(['gap', 'request', 'end']);
  });

  it('is given up at its end where the sink does not come back, and says how much is lost', async () => {
    const sink = new ScriptedSink();
    sink.become('fails');
    const audit = auditLog(sink, 'count');
    audit.append('request', '"requestId":"r-1"');
    await audit.close();
    expect(reports.at(-1)).toEqual({ event: 'unwritten', unwrittenRecords: 3 });
    expect(sink.closed).toBe(true);
    audit.append('request', '"requestId":"late"');
    expect(audit.droppedRecords).toBe(1);
  });

  it('accounts for every record, in a whole chain over all files, however the sink behaves', async () => {
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.record({ append: fc.integer({ min: 1, max: 12 }) }) },
      { weight: 1, arbitrary: fc.constantFrom('works' as const, 'fails' as const, 'hangs' as const) },
      { weight: 2, arbitrary: fc.constant('turn' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const sink = new ScriptedSink(3_000);
        const audit = auditLog(sink, 'count', { maxBufferedBytes: 5_000, flushBytes: 700 });
        let appended = 0;
        for (const next of steps) {
          if (next === 'turn') await new Promise(setImmediate);
          else if (typeof next === 'string') sink.become(next);
          else {
            for (let number = 0; number < next.append; number += 1)
              audit.append('request', `"n":${appended++}`);
          }
        }
        sink.become('works');
        await audit.close();
        const report = verifyBytes(Buffer.from(sink.text));
        expect(faults(report)).toEqual([]);
        const written = eventNames(sink.text).filter((event) => event === 'request').length;
        expect(written + report.chains[0]!.lostRecords).toBe(appended);
        expect(report.chains[0]!.lostRecords).toBe(audit.droppedRecords);
        for (const file of sink.files) {
          expect(file.length).toBeLessThanOrEqual(3_000);
          expect(['start', 'file']).toContain(eventNames(file)[0]);
        }
      }),
      { seed: 20260102, numRuns: 150 },
    );
  });
});
