import fc from 'fast-check';
import { cutOff, faulty } from '../support/upstream/faulty-answers';
import { closing, reusable } from '../support/upstream/orderly-answers';
import { parse } from '../support/upstream/parsed';

const seed = 20_260_117;
const all = [...reusable, ...closing, ...faulty, ...cutOff];

interface Response {
  readonly bytes: Buffer;
  readonly body: string;
}

const hex = (bytes: number): string => bytes.toString(16);
const latin1 = fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const token = fc.stringMatching(/^[a-zA-Z0-9!#$%&'*+.^_`|~-]{1,12}$/);
const fields = fc
  .array(fc.tuple(token, fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,20}$/)), { maxLength: 5 })
  .map((pairs) => pairs.map(([name, value]) => `x-${name}: ${value}\r\n`).join(''));

const byLength = fc.tuple(fields, latin1).map(([lines, body]): Response => ({
  bytes: Buffer.from(`HTTP/1.1 200 OK\r\n${lines}Content-Length: ${body.length}\r\n\r\n${body}`, 'latin1'),
  body,
}));
const byChunks = fc
  .tuple(
    fields,
    fc.array(
      latin1.filter((chunk) => chunk !== ''),
      { maxLength: 5 },
    ),
    fields,
  )
  .map(([lines, chunks, trailers]): Response => {
    const coded = chunks.map((chunk) => `${hex(chunk.length)};x\r\n${chunk}\r\n`).join('');
    const head = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n${lines}\r\n`;
    return { bytes: Buffer.from(`${head}${coded}0\r\n${trailers}\r\n`, 'latin1'), body: chunks.join('') };
  });
const responses = fc.oneof(byLength, byChunks);
const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });

describe('the parser of responses', () => {
  it.each(all)('finds the same in an answer with $name wherever it is cut in two', ({ bytes }) => {
    const whole = Buffer.from(bytes, 'latin1');
    const expected = parse(whole, []);
    for (let cut = 1; cut < Math.min(whole.length, 2_000); cut += 1) {
      expect(parse(whole, [cut])).toEqual(expected);
    }
    expect(parse(whole, Array.from(whole.keys()))).toEqual(expected);
  });

  it('takes any well-formed answer, cut into any pieces, and leaves what is behind it', () => {
    fc.assert(
      fc.property(responses, latin1, cuts, ({ bytes, body }, surplus, where) => {
        const parsed = parse(Buffer.concat([bytes, Buffer.from(surplus, 'latin1')]), where);
        expect(parsed).toMatchObject({ status: 200, body, isComplete: true, faulty: false, surplus });
      }),
      { seed, numRuns: 2_000 },
    );
  });

  it('finds the same in damaged answers wherever they are cut', () => {
    const damage = fc.tuple(
      fc.nat({ max: 300 }),
      fc.constantFrom('\r', '\n', '\0', ' ', ':', ';', '0', 'f', 'x', ''),
    );
    fc.assert(
      fc.property(
        responses,
        fc.array(damage, { minLength: 1, maxLength: 3 }),
        cuts,
        ({ bytes }, damages, where) => {
          let text = bytes.toString('latin1');
          for (const [at, byte] of damages) text = text.slice(0, at) + byte + text.slice(at + 1);
          const damaged = Buffer.from(text, 'latin1');
          expect(parse(damaged, where)).toEqual(parse(damaged, []));
        },
      ),
      { seed, numRuns: 2_000 },
    );
  });

  it('takes any bytes without an exception, and calls none of them an answer', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), cuts, (bytes, where) => {
        expect(parse(Buffer.from(bytes), where).isComplete).toBe(false);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});
