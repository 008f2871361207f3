import { readEvent } from '../core/sse/event';
import type { ReportedUsage } from '../core/usage';
import { asList, asObject, holdsError, parseObject } from './json';
import { readOpenAiUsage } from './openai-usage';
import type { FrameReader } from './passed-stream';
import { usageObjectAt } from './reported-usage';
import { writtenBytesAfter } from './written-bytes';

const endMark = '[DONE]';
const errorKey = Buffer.from('"error"');

/** Reads the stream of a chat completion or of a (text) completion while it is passed on. */
export class ChatFrames implements FrameReader {
  readonly usage: ReportedUsage = {};
  outputBytes = 0;
  isDone = false;
  hasFailed = false;
  readonly #pieceKey: Buffer;

  /**
   * @param pieceKey The key of what the model wrote: `delta` of a chat completion, `text` of a completion.
   * @param withholdsUsage The gateway asked for the usage, and the client did not.
   */
  constructor(
    pieceKey: 'delta' | 'text',
    private readonly withholdsUsage: boolean,
  ) {
    this.#pieceKey = Buffer.from(`"${pieceKey}"`);
  }

  read(frame: Buffer): boolean {
    // From the end: the head of a chunk is longer than what follows the key.
    const piece = frame.lastIndexOf(this.#pieceKey);
    if (piece === -1) return this.#readRare(frame);
    this.outputBytes += writtenBytesAfter(frame, piece + this.#pieceKey.length);
    if (usageObjectAt(frame) !== -1 || frame.includes(errorKey)) this.#readRare(frame);
    return true;
  }

  /** Anything but a plain piece of text: the usage, the end, an error, a comment. */
  #readRare(frame: Buffer): boolean {
    const event = readEvent(frame, 0, frame.length, true);
    if (event === undefined) return true;
    if (event.data === endMark) {
      this.isDone = true;
      return true;
    }
    const chunk = parseObject(event.data);
    if (holdsError(chunk)) this.hasFailed = true;
    const usage = asObject(chunk?.['usage']);
    if (usage === undefined) return true;
    readOpenAiUsage(usage, this.usage);
    return this.hasFailed || !(this.withholdsUsage && asList(chunk?.['choices']).length === 0);
  }
}
