import type { Socket } from 'node:net';
import type { UpstreamFailure } from '../../../contract/metrics';
import { ConnectionLost } from '../../core/connection-lost';
import type { Call, Carrier } from './call';
import type { Dialer, SocketListener } from './dialer';
import { ResponseParser } from './response-parser';

/** Whoever lends the connections. */
export interface ConnectionOwner {
  readonly connectTimeoutMs: number;
  /** The connection may carry another request. */
  onIdle(connection: Connection, keepAliveHintMs: number | undefined): void;
  onClosed(connection: Connection): void;
  /** The call's request can't have reached the provider in full; it needs a new connection. */
  onUnsent(call: Call): void;
}

/** One connection to the provider: carries one call at a time, and closes at the first oddity. */
export class Connection implements SocketListener, Carrier {
  readonly #socket: Socket;
  readonly #parser = new ResponseParser();
  readonly #connectTimer: NodeJS.Timeout;
  /** When it was dialled. */
  readonly bornMs = performance.now();
  #ready = false;
  #closed = false;
  #call: Call | undefined;
  #reused = false;
  /** The kernel has taken the whole request. It may have before this says so: with TLS it is told a turn later. */
  #flushed = false;
  /** The kernel has refused some of the request. */
  #writeFailed = false;
  #answerBegun = false;
  #paused = false;
  /** Read while paused: with TLS, one read from the kernel may hold several records. */
  #held: Buffer[] = [];
  #endHeld = false;
  readonly #onWritten = (error?: Error | null): void => {
    if (error) this.#writeFailed = true;
    else this.#flushed = true;
  };

  constructor(
    private readonly dialer: Dialer,
    private readonly owner: ConnectionOwner,
  ) {
    this.#socket = dialer.dial(this);
    this.#connectTimer = setTimeout(() => {
      this.#lose(new Error(`No connection was made within ${owner.connectTimeoutMs} ms.`));
    }, owner.connectTimeoutMs);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Carries `call`. Only for a connection that carries none. */
  send(call: Call): void {
    this.#call = call;
    call.connection = this;
    if (!this.#ready) return;
    this.#reused = true;
    this.#flushed = false;
    this.#answerBegun = false;
    this.#parser.reset();
    this.#socket.ref();
    this.#write(call);
  }

  resume(call: Call): void {
    if (call !== this.#call || !this.#paused) return;
    this.#paused = false;
    if (this.#parser.isComplete) {
      this.#complete(call, this.#held.length === 0);
    } else {
      const held = this.#held;
      this.#held = [];
      // What one of them pauses, the ones behind it wait for again.
      for (const bytes of held) this.#arrived(bytes, bytes.length);
      if (this.#endHeld && this.#flows()) this.onEnd();
    }
    if (this.#flows()) this.#socket.resume();
  }

  abort(call: Call): void {
    if (call === this.#call) this.close();
  }

  /** Closes at once. The call, if any, hears nothing. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#call = undefined;
    this.#held = [];
    clearTimeout(this.#connectTimer);
    this.#socket.destroy();
    this.owner.onClosed(this);
  }

  /** Closes at once. The call, if any, is told why. */
  destroy(reason: Error): void {
    this.#lose(reason);
  }

  onReady(): void {
    if (this.#closed) return;
    clearTimeout(this.#connectTimer);
    this.#ready = true;
    if (this.#call !== undefined) this.#write(this.#call);
  }

  onRead(bytes: number): boolean {
    return this.#arrived(this.dialer.readBuffer, bytes);
  }

  onEnd(): void {
    if (this.#paused) {
      this.#endHeld = true;
      return;
    }
    const call = this.#call;
    const missing = call === undefined ? undefined : this.#parser.end();
    if (call === undefined || missing !== undefined) this.#lose(missing);
    else this.#complete(call, false);
  }

  onError(error: Error): void {
    this.#lose(error);
  }

  onClose(): void {
    // Whatever has arrived is still the client's to take.
    if (!this.#endHeld) this.#lose();
  }

  #flows(): boolean {
    return !this.#paused && !this.#closed;
  }

  #write(call: Call): void {
    const { text, encoding } = call.request;
    call.isSent = true;
    this.#socket.write(text, encoding, this.#onWritten);
  }

  /** @returns False where reading must stop. */
  #arrived(buffer: Buffer, bytes: number): boolean {
    const call = this.#call;
    if (call === undefined) {
      // Nobody has asked: whatever it is, the next request must not take it for its answer.
      this.close();
      return true;
    }
    if (this.#paused) {
      this.#held.push(Buffer.from(buffer.subarray(0, bytes)));
      return false;
    }
    this.#answerBegun = true;
    const parser = this.#parser;
    const end = parser.read(buffer, 0, bytes);
    const { head, fault } = parser;
    if (parser.headIsNew && head !== undefined) {
      call.handler.onHeaders(head.status, head.headers);
      if (call !== this.#call) return true;
    }
    if (parser.bodyEnd > parser.bodyStart) {
      const chunk = Buffer.from(buffer.subarray(parser.bodyStart, parser.bodyEnd));
      const wanted = call.handler.onData(chunk);
      if (call !== this.#call) return true;
      this.#paused = !wanted && fault === undefined;
    }
    if (fault !== undefined) this.#lose(fault);
    else if (!this.#paused) {
      if (parser.isComplete) this.#complete(call, end === bytes);
    } else if (end < bytes) this.#held.push(Buffer.from(buffer.subarray(end, bytes)));
    return !this.#paused;
  }

  /** @param clean No byte has come behind the answer. */
  #complete(call: Call, clean: boolean): void {
    const { head } = this.#parser;
    // A request still being written when its answer is complete would go on as the beginning of the next one.
    if (head?.persistent === true && head.framing !== 'close' && clean && this.#flushed && !this.#endHeld) {
      this.#call = undefined;
      // An idle connection keeps no process alive.
      this.#socket.unref();
      this.owner.onIdle(this, head.keepAliveHintMs);
    } else this.close();
    call.handler.onEnd();
  }

  #lose(cause?: Error): void {
    const call = this.#call;
    if (this.#closed) return;
    this.close();
    if (call === undefined) return;
    // See docs/decisions/0007: without its last byte, a request can't have been acted on.
    if (this.#answerBegun || (this.#ready && !this.#writeFailed)) this.#fail(call, 'invalid_response', cause);
    else if (this.#reused && !call.moved) this.owner.onUnsent(call);
    else this.#fail(call, 'connect_error', cause);
  }

  #fail(call: Call, failure: UpstreamFailure, cause?: Error): void {
    const reason =
      failure === 'invalid_response' && !this.#answerBegun ? new ConnectionLost(this.#reused, cause) : cause;
    call.handler.onError(failure, reason ?? new Error('The provider closed the connection.'));
  }
}
