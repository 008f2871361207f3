import fc from 'fast-check';
import { Chain } from '../../gateway-app/src/audit/chain';
import { auditChain, faults, verifyBytes, verifyLines } from '../support/audit-lines';

const lines = auditChain('pod-a', 8);
const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
const lastHash = /"hash":"([0-9a-f]{64})"/.exec(lines.at(-1)!)![1]!;
const known = { heads: [{ hash: lastHash }] };
const seed = 20260101;

const moved = (from: number, to: number): string[] => {
  const copy = lines.filter((_, index) => index !== from);
  copy.splice(to, 0, lines[from]!);
  return copy;
};

describe('a hash chain', () => {
  it('is whole as it was written', () => {
    const report = verifyLines(lines, known);
    expect(report.findings).toEqual([]);
    expect(report.chains).toMatchObject([
      { chain: 'pod-a', firstSequence: 0, lastSequence: 9, ended: true, lostRecords: 0, lastHash },
    ]);
  });

  it('shows a change of any single byte, also on a stream that carries log lines', () => {
    const position = fc.nat(bytes.length - 1);
    fc.assert(
      fc.property(position, fc.integer({ min: 1, max: 255 }), fc.boolean(), (at, difference, mixed) => {
        const changed = Buffer.from(bytes);
        changed[at] = changed[at]! ^ difference;
        expect(verifyBytes(changed, { ...known, mixed }).findings).not.toEqual([]);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('shows a byte that was removed or put in anywhere', () => {
    // The line end of the last line alone may be missing: an export often drops it.
    const position = fc.nat(bytes.length - 2);
    fc.assert(
      fc.property(position, fc.boolean(), fc.nat(255), fc.boolean(), (at, remove, byte, mixed) => {
        const put = remove ? [] : [Buffer.from([byte])];
        const changed = Buffer.concat([bytes.subarray(0, at), ...put, bytes.subarray(at + (remove ? 1 : 0))]);
        expect(verifyBytes(changed, { ...known, mixed }).findings).not.toEqual([]);
      }),
      { seed, numRuns: 3000 },
    );
  });

  it('shows any run of lines that was removed, and says which', () => {
    for (let from = 0; from < lines.length; from += 1) {
      for (let to = from + 1; to <= lines.length; to += 1) {
        const rest = [...lines.slice(0, from), ...lines.slice(to)];
        const report = verifyLines(rest, known);
        if (rest.length > 0 && to < lines.length) {
          expect(faults(report)).toEqual([`${from + 1}: missing`]);
          const named = to - from === 1 ? `sequence ${from} is` : `sequences ${from} to ${to - 1} are`;
          expect(report.findings[0]!.message).toContain(named);
        } else {
          expect(new Set(report.findings.map(({ fault }) => fault))).toEqual(new Set(['cut']));
        }
      }
    }
  });

  it('shows any two lines that changed places, with nothing said to be missing', () => {
    for (let first = 0; first < lines.length; first += 1) {
      for (let second = first + 1; second < lines.length; second += 1) {
        const swapped = [...lines];
        [swapped[first], swapped[second]] = [lines[second]!, lines[first]!];
        const found = verifyLines(swapped, known).findings;
        expect(found.map(({ fault }) => fault)).toContain('moved');
        expect(found.filter(({ fault }) => fault === 'missing')).toEqual([]);
      }
    }
  });

  it('shows a line that was moved or repeated, wherever it was put', () => {
    for (let from = 0; from < lines.length; from += 1) {
      for (let to = 0; to < lines.length; to += 1) {
        if (from !== to) expect(faults(verifyLines(moved(from, to), known))).not.toEqual([]);
      }
      for (let to = from + 1; to <= lines.length; to += 1) {
        const copy = [...lines];
        copy.splice(to, 0, lines[from]!);
        expect(faults(verifyLines(copy, known))).toEqual([`${to + 1}: repeated`]);
      }
    }
  });

  it('names the one line that was changed, and no other', () => {
    lines.forEach((line, index) => {
      const changed = [...lines];
      changed[index] = line.replace('2026', '2027');
      expect(faults(verifyLines(changed))).toEqual([`${index + 1}: changed`]);
    });
  });

  it('names the one line whose own hash was changed, and no other', () => {
    lines.forEach((line, index) => {
      const changed = [...lines];
      changed[index] = line.replace(/(\w)"\}$/, (_, digit: string) => `${digit === '0' ? '1' : '0'}"}`);
      expect(faults(verifyLines(changed))).toEqual([`${index + 1}: changed`]);
    });
  });

  it('names the one line whose number or chain was changed, and no other', () => {
    for (const [from, to] of [
      ['"sequence":4', '"sequence":7'],
      ['"chain":"pod-a"', '"chain":"pod-b"'],
      ['{"kind"', '{"kinf"'],
    ] as const) {
      const changed = [...lines];
      changed[4] = lines[4]!.replace(from, to);
      expect(verifyLines(changed).findings.map(({ place }) => place.line)).toEqual([5]);
    }
  });

  it('shows a line that was written anew with a right hash, where the next one does not continue from it', () => {
    const anew = auditChain('pod-a', 8, 'another-model');
    const mixed = [...lines.slice(0, 4), anew[4]!, ...lines.slice(5)];
    expect(faults(verifyLines(mixed))).toEqual(['5: replaced', '6: replaced']);
  });

  it('cannot show by itself that all lines were written anew; a head kept elsewhere does', () => {
    const anew = auditChain('pod-a', 8, 'another-model');
    expect(faults(verifyLines(anew))).toEqual([]);
    expect(faults(verifyLines(anew, known))).toEqual(['10: cut']);
  });

  it('cannot show by itself that its end was cut off; a number kept elsewhere does', () => {
    const cut = lines.slice(0, 6);
    const report = verifyLines(cut);
    expect(faults(report)).toEqual([]);
    expect(report.chains[0]!.ended).toBe(false);
    expect(faults(verifyLines(cut, { heads: [{ chain: 'pod-a', sequence: 5 }] }))).toEqual([]);
    expect(faults(verifyLines(cut, { heads: [{ chain: 'pod-a', sequence: 6 }] }))).toEqual(['6: cut']);
    expect(faults(verifyLines(cut, { heads: [{ chain: 'pod-b', sequence: 0 }] }))).toEqual(['6: cut']);
  });

  it('shows a line after its end', () => {
    const chain = new Chain('pod-a');
    const after = ['"event":"start"', '"event":"end"', '"event":"request"'].map((m) =>
      chain.seal(m).trimEnd(),
    );
    expect(faults(verifyLines(after))).toEqual(['3: replaced']);
  });

  it('is judged apart from the other chains of the same stream, however they are mixed', () => {
    const pods = ['pod-a', 'pod-b', 'pod-c'].map((pod) => auditChain(pod, 6));
    const turns = fc.array(fc.nat(2), { minLength: 24, maxLength: 60 });
    fc.assert(
      fc.property(turns, fc.nat(23), (order, dropped) => {
        const queues = pods.map((pod) => [...pod]);
        const stream = [...order, ...Array.from({ length: 24 }, (_, i) => i % 3)]
          .map((pod) => queues[pod]!.shift())
          .filter((line) => line !== undefined);
        expect(verifyLines(stream).findings).toEqual([]);
        const victim = /"chain":"(pod-.)","sequence":(\d+)/.exec(stream[dropped]!)!;
        const found = verifyLines(stream.filter((_, index) => index !== dropped)).findings;
        if (victim[2] === '7') expect(found).toEqual([]);
        else expect(found[0]!.message).toContain(`chain ${victim[1]}: sequence ${victim[2]} is missing`);
        expect(found.length).toBeLessThanOrEqual(1);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('is found among log lines', () => {
    const log = '{"level":"info","time":"2026-01-01T00:00:00.000Z","msg":"{\\"kind\\":\\"audit\\"}"}';
    const stream = lines.flatMap((line) => [log, line, 'a warning that is no JSON']);
    const report = verifyLines(stream, { ...known, mixed: true });
    expect(report).toMatchObject({ findings: [], auditLines: 10, skippedLines: 20 });
    expect(faults(verifyLines(stream)).length).toBe(20);
  });

  it('may begin anywhere where the input is said to be a part', () => {
    expect(faults(verifyLines(lines.slice(3)))).toEqual(['1: missing']);
    expect(faults(verifyLines(lines.slice(3), { partial: true }))).toEqual([]);
    expect(faults(verifyLines([...lines.slice(3, 5), ...lines.slice(6)], { partial: true }))).toEqual([
      '3: missing',
    ]);
  });

  it('is not whole where there is nothing', () => {
    expect(verifyLines([]).findings).toMatchObject([{ fault: 'cut' }]);
    expect(verifyLines(['{"msg":"x"}'], { mixed: true }).findings).toMatchObject([{ fault: 'cut' }]);
  });
});
