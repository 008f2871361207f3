import { readEvent } from '../core/sse/event';
import type { ReportedUsage } from '../core/usage';
import { readAnthropicUsage } from './anthropic-usage';
import { asObject, holdsError, parseObject } from './json';
import type { FrameReader } from './passed-stream';
import { usageObjectAt } from './reported-usage';
import { writtenBytesAfter } from './written-bytes';

const pieceKey = Buffer.from('"delta"');

/** Reads the stream of an Anthropic message while it is passed on. */
export class MessagesFrames implements FrameReader {
  readonly usage: ReportedUsage = {};
  outputBytes = 0;
  isDone = false;
  hasFailed = false;

  read(frame: Buffer): boolean {
    const piece = frame.indexOf(pieceKey);
    if (piece !== -1 && usageObjectAt(frame) === -1) {
      this.outputBytes += writtenBytesAfter(frame, piece + pieceKey.length);
    } else {
      this.#readRare(frame);
    }
    return true;
  }

  #readRare(frame: Buffer): void {
    const data = readEvent(frame, 0, frame.length, true)?.data;
    const event = data === undefined ? undefined : parseObject(data);
    switch (event?.['type']) {
      case 'message_start':
        readAnthropicUsage(asObject(asObject(event['message'])?.['usage']), this.usage);
        // The count at the start is of the first token only. Until the last is reported, bytes tell more.
        delete this.usage.outputTokens;
        return;
      case 'message_delta':
        readAnthropicUsage(asObject(event['usage']), this.usage);
        return;
      case 'message_stop':
        this.isDone = true;
        return;
      default:
        if (event?.['type'] === 'error' || holdsError(event)) this.hasFailed = true;
    }
  }
}
