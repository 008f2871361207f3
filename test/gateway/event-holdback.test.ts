import { EventHoldback, EventTooLarge } from '../../gateway-app/src/upstream/event-holdback';

const passedOn = (chunks: string[]): string[] => {
  const holdback = new EventHoldback(1024);
  return chunks.map((chunk) => holdback.push(Buffer.from(chunk)).toString());
};

describe('EventHoldback', () => {
  it.each([
    ['LF', 'data: a\n\n', 'data: b\n\n'],
    ['CRLF', 'data: a\r\n\r\n', 'data: b\r\n\r\n'],
    ['CR', 'data: a\r\r', 'data: b\r\r'],
    ['mixed line ends', 'data: a\r\n\n', 'data: b\n\r\n'],
  ])('passes on whole events with %s, wherever the chunks are cut', (_name, first, second) => {
    const all = first + second;
    for (let cut = 1; cut < all.length; cut += 1) {
      const parts = passedOn([all.slice(0, cut), all.slice(cut)]);
      expect(parts.join('')).toBe(all);
      // What has passed is never half an event; a CRLF may be split, which the standard allows.
      expect(['', first, all, first.slice(0, -1), all.slice(0, -1)]).toContain(parts[0]);
    }
    expect(passedOn(all.split(/(?=[^]|$)/)).join('')).toBe(all);
  });

  it('holds back what is not whole', () => {
    expect(passedOn(['data: a\n\ndata: b', '\n', '\ndata: c\n'])).toEqual(['data: a\n\n', '', 'data: b\n\n']);
  });

  it('passes on a chunk of whole events without copying it', () => {
    const chunk = Buffer.from('data: a\n\n');
    expect(new EventHoldback(1024).push(chunk).buffer).toBe(chunk.buffer);
  });

  it('refuses an event that exceeds the bound, in one chunk or in many', () => {
    expect(() => new EventHoldback(10).push(Buffer.from('data: 56789'))).toThrow(EventTooLarge);
    const holdback = new EventHoldback(10);
    holdback.push(Buffer.from('data: 5'));
    expect(() => holdback.push(Buffer.from('6789'))).toThrow(EventTooLarge);
  });

  it.each(['data: [DONE]\n\n', 'data:[DONE]\r\n\r\n', 'data: {}\n\ndata: [DONE]\n\n: bye\n\n'])(
    'knows the end mark in %j, wherever the chunks are cut',
    (text) => {
      for (let cut = 0; cut < text.length; cut += 1) {
        const holdback = new EventHoldback(1024);
        holdback.push(Buffer.from(text.slice(0, cut)));
        holdback.push(Buffer.from(text.slice(cut)));
        expect(holdback.isDone).toBe(true);
      }
    },
  );

  it.each(['data: {"content":"[DONE]"}\n\n', 'data: x data: [DONE]\n\n', 'data: [DONE]', ': [DONE]\n\n'])(
    'does not take %j for the end mark',
    (text) => {
      const holdback = new EventHoldback(1024);
      holdback.push(Buffer.from(text));
      expect(holdback.isDone).toBe(false);
    },
  );
});
