/**
 * Adds up the time in which a request waits for somebody else: for the client's body, for the provider, or for the client
 * to take the answer. The gateway's overhead is the duration less this sum.
 */
export class Waits {
  #sumMs = 0;
  #sinceMs: number | undefined;

  begin(nowMs: number): void {
    this.#sinceMs ??= nowMs;
  }

  end(nowMs: number): void {
    if (this.#sinceMs === undefined) return;
    this.#sumMs += nowMs - this.#sinceMs;
    this.#sinceMs = undefined;
  }

  get totalMs(): number {
    return this.#sumMs;
  }
}
