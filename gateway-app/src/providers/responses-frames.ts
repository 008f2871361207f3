import { readEvent } from '../core/sse/event';
import type { ReportedUsage } from '../core/usage';
import { asObject, asText, holdsError, parseObject } from './json';
import { readOpenAiUsage } from './openai-usage';
import type { FrameReader } from './passed-stream';
import { writtenBytesAfter } from './written-bytes';

const pieceKey = Buffer.from('"delta"');
const pieceType = Buffer.from('.delta');
/** The event's type stands at its start; further on the word may be anything, e.g. a name in the client's metadata. */
const maxTypeBytes = 128;
const lastTypes: ReadonlySet<string> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
]);

/** Reads the stream of an OpenAI response while it is passed on. */
export class ResponsesFrames implements FrameReader {
  readonly usage: ReportedUsage = {};
  outputBytes = 0;
  isDone = false;
  hasFailed = false;

  read(frame: Buffer): boolean {
    const type = frame.indexOf(pieceType);
    const piece = type !== -1 && type < maxTypeBytes ? frame.indexOf(pieceKey) : -1;
    if (piece !== -1) this.outputBytes += writtenBytesAfter(frame, piece + pieceKey.length);
    else this.#readRare(frame);
    return true;
  }

  #readRare(frame: Buffer): void {
    const event = readEvent(frame, 0, frame.length, true);
    // The last event repeats the whole response. Of the others nothing is needed but the type.
    if (event === undefined || (event.type !== '' && event.type !== 'error' && !lastTypes.has(event.type)))
      return;
    const body = parseObject(event.data);
    const type = asText(body?.['type']) ?? event.type;
    if (type === 'error' || holdsError(body)) this.hasFailed = true;
    if (this.hasFailed) return;
    if (!lastTypes.has(type)) return;
    this.isDone = true;
    const usage = asObject(asObject(body?.['response'])?.['usage']);
    if (usage !== undefined) readOpenAiUsage(usage, this.usage);
  }
}
