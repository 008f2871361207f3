import type { SseEvent } from '../../../gateway-app/src/core/sse/event';

/** The events of a whole stream, written from the standard's steps without regard to speed. */
export function wholeStreamEvents(bytes: Buffer): SseEvent[] {
  const text = new TextDecoder('utf-8', { ignoreBOM: false }).decode(bytes);
  const events: SseEvent[] = [];
  let data = '';
  let type = '';
  const lines = text.split(/\r\n|\n|\r/);
  lines.pop(); // What follows the last line end is no line.
  for (const line of lines) {
    if (line === '') {
      if (data !== '') events.push({ type, data: data.slice(0, -1) });
      data = '';
      type = '';
      continue;
    }
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (field === 'event') type = value;
    if (field === 'data') data += `${value}\n`;
  }
  return events;
}

/** The bytes as chunks that end at the given positions. */
export function cutAt(bytes: Buffer, positions: readonly number[]): Buffer[] {
  const sorted = [...new Set(positions)].filter((at) => at > 0 && at < bytes.length).sort((a, b) => a - b);
  return [...sorted, bytes.length].map((end, index) => bytes.subarray(sorted[index - 1] ?? 0, end));
}
