/** One server-sent event. `id` and `retry` steer a browser's reconnect, which no API client does: they are not read. */
export interface SseEvent {
  /** Value of the `event` field, empty where there is none. */
  readonly type: string;
  /** The `data` lines, joined by line feeds. */
  readonly data: string;
}

const byteOrderMark = '\ufeff';
const lineEnd = /\r\n|\n|\r/;

/**
 * Reads one frame of a stream.
 *
 * @param isFirst The frame opens the stream: only there a byte order mark is skipped.
 * @returns undefined for a frame without data (comments, blank lines): it says nothing.
 */
export function readEvent(
  buffer: Buffer,
  start: number,
  end: number,
  isFirst: boolean,
): SseEvent | undefined {
  let text = buffer.toString('utf8', start, end);
  if (isFirst && text.startsWith(byteOrderMark)) text = text.slice(1);
  return plainEvent(text) ?? anyEvent(text);
}

/** `data: ...`, line end, blank line: nearly every event of a model's stream. */
function plainEvent(text: string): SseEvent | undefined {
  if (!text.startsWith('data: ') || text.indexOf('\n') !== text.length - 2 || text.includes('\r')) {
    return undefined;
  }
  return { type: '', data: text.slice(6, -2) };
}

function anyEvent(text: string): SseEvent | undefined {
  let type = '';
  let data: string | undefined;
  for (const line of text.split(lineEnd)) {
    const colon = line.indexOf(':');
    const field = colon === -1 ? line : line.slice(0, colon);
    if (field !== 'data' && field !== 'event') continue;
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') type = value;
    else data = data === undefined ? value : `${data}\n${value}`;
  }
  return data === undefined ? undefined : { type, data };
}
