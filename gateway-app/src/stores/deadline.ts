/**
 * Ends a wait for an answer. Where this process itself stood still, the answer may have arrived unread, so the time passes
 * in two halves, of which a standstill can swallow only one, and the sockets are read once more before the end.
 */
export class Deadline {
  #timer: NodeJS.Timeout;
  #over = false;

  constructor(ms: number, onOver: () => void) {
    const half = Math.ceil(ms / 2);
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => {
        setImmediate(() => {
          if (!this.#over) onOver();
        });
      }, half);
    }, half);
  }

  clear(): void {
    this.#over = true;
    clearTimeout(this.#timer);
  }
}
