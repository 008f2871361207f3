import fc from 'fast-check';
import { EventFrames, EventTooLarge } from '../../../gateway-app/src/core/sse/event-frames';
import { EventParser } from '../../../gateway-app/src/core/sse/event-parser';
import type { SseEvent } from '../../../gateway-app/src/core/sse/event';
import { cutAt, wholeStreamEvents } from './reference';

const maxEventBytes = 1024;
const seeded = { seed: 20_241_124, numRuns: 2_000 };

function parse(chunks: readonly Buffer[], bound = maxEventBytes): SseEvent[] {
  const parser = new EventParser(bound);
  const events: SseEvent[] = [];
  for (const chunk of chunks) parser.push(chunk, (event) => events.push(event));
  return events;
}

const line = fc.oneof(
  fc.constantFrom(
    'data: {"a":1}',
    'data:b',
    'data:  two blanks',
    'data',
    'data:',
    'event: ping',
    'event',
    'id: 7',
  ),
  fc.constantFrom(
    'retry: 10',
    ': comment',
    ':',
    'DATA: no',
    'unknown: x',
    'data: é€😀',
    'data: \u0000',
    '\ufeffdata: late',
  ),
  fc.string({ unit: 'binary', maxLength: 12 }).map((text) => text.replace(/[\r\n]/g, '')),
);
const stream = fc
  .tuple(
    fc.constantFrom('', '\ufeff'),
    fc.array(fc.tuple(fc.oneof(line, fc.constant('')), fc.constantFrom('\n', '\r', '\r\n')), {
      maxLength: 24,
    }),
    fc.constantFrom('', 'data: never ended', '\r'),
  )
  .map(([mark, lines, tail]) => Buffer.from(mark + lines.map(([text, end]) => text + end).join('') + tail));
const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 40 });

describe('the parser of server-sent events', () => {
  it('reads the same events from any chunking as the standard reads from the whole', () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, at) => {
        expect(parse(cutAt(bytes, at))).toEqual(wholeStreamEvents(bytes));
      }),
      seeded,
    );
  });

  it('reads the same events byte by byte', () => {
    fc.assert(
      fc.property(stream, (bytes) => {
        expect(parse([...bytes].map((byte) => Buffer.from([byte])))).toEqual(wholeStreamEvents(bytes));
      }),
      seeded,
    );
  });

  it('survives any bytes, and reads them as the standard does', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, at) => {
        const buffer = Buffer.from(bytes);
        expect(parse(cutAt(buffer, at))).toEqual(wholeStreamEvents(buffer));
      }),
      seeded,
    );
  });

  it('joins the data lines of one event by line feeds', () => {
    expect(parse([Buffer.from('data: a\ndata:\ndata: b\n\n')])).toEqual([{ type: '', data: 'a\n\nb' }]);
  });

  it('drops an event that the stream does not end', () => {
    expect(parse([Buffer.from('data: a\n\ndata: b\n')])).toEqual([{ type: '', data: 'a' }]);
  });

  it.each([
    ['in one chunk', [Buffer.from(`data: ${'x'.repeat(maxEventBytes)}\n\n`)]],
    ['over many chunks', Array.from({ length: maxEventBytes + 1 }, () => Buffer.from('x'))],
  ])('refuses an event over the bound that comes %s', (_, chunks) => {
    expect(() => parse(chunks)).toThrow(EventTooLarge);
  });

  it('takes an event of exactly the bound', () => {
    const event = Buffer.from(`data: ${'x'.repeat(maxEventBytes - 8)}\n\n`);
    expect(event).toHaveLength(maxEventBytes);
    expect(parse([event.subarray(0, 500), event.subarray(500)])).toHaveLength(1);
  });
});

describe('the frames of a stream', () => {
  it('are the stream again, byte by byte, up to its last blank line', () => {
    fc.assert(
      fc.property(stream, cuts, (bytes, at) => {
        const frames = new EventFrames(maxEventBytes);
        const seen: Buffer[] = [];
        for (const chunk of cutAt(bytes, at)) {
          frames.push(chunk, (buffer, start, end) => seen.push(buffer.subarray(start, end)));
        }
        const joined = Buffer.concat(seen);
        expect(joined).toEqual(bytes.subarray(0, joined.length));
        expect(wholeStreamEvents(joined)).toEqual(wholeStreamEvents(bytes));
      }),
      seeded,
    );
  });
});
