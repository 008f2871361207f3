import type { AuditSink } from '../../gateway-app/src/audit/sink';

/** A sink that fails, hangs and recovers as it is told. */
export class ScriptedSink implements AuditSink {
  failure: Error | undefined;
  onStateChange: () => void = () => undefined;
  /** What arrived, per file. */
  readonly files: string[] = [''];
  readonly batches: string[] = [];
  #state: 'works' | 'fails' | 'hangs' = 'works';
  #pending:
    { readonly text: string; readonly startsFile: boolean; done: () => void; reject: () => void } | undefined;
  closed = false;

  constructor(
    readonly maxFileBytes = Infinity,
    readonly openedBytes = 0,
  ) {}

  get text(): string {
    return this.files.join('');
  }

  become(state: 'works' | 'fails' | 'hangs'): void {
    this.#state = state;
    this.#proceed();
  }

  write(batch: Buffer, startsFile: boolean): Promise<void> {
    if (this.#pending !== undefined) throw new Error('a second write began before the first had ended');
    return new Promise((done, reject) => {
      this.#pending = {
        text: batch.toString(),
        startsFile,
        done,
        reject: () => {
          reject(new Error('closed'));
        },
      };
      this.#proceed();
    });
  }

  close(): Promise<void> {
    this.closed = true;
    this.#pending?.reject();
    return Promise.resolve();
  }

  #proceed(): void {
    if (this.#pending === undefined || this.#state === 'hangs') return;
    const failure = this.#state === 'fails' ? new Error('no space left on device') : undefined;
    const changed = (failure === undefined) !== (this.failure === undefined);
    this.failure = failure;
    if (changed) this.onStateChange();
    if (failure !== undefined) return;
    const { text, startsFile, done } = this.#pending;
    this.#pending = undefined;
    if (startsFile) this.files.push('');
    this.files.push(`${this.files.pop() ?? ''}${text}`);
    this.batches.push(text);
    done();
  }
}
