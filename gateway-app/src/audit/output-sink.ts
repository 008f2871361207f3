import type { LineOutput } from '../telemetry/line-output';
import type { AuditSink } from './sink';

/** Sends audit lines where the log lines go: on Kubernetes to standard output, which the log pipeline collects. */
export class OutputSink implements AuditSink {
  readonly maxFileBytes = Infinity;
  readonly openedBytes = 0;
  #rejectWrite: (() => void) | undefined;

  constructor(private readonly output: LineOutput) {}

  get failure(): Error | undefined {
    return this.output.failure;
  }

  set onStateChange(listener: () => void) {
    this.output.onStateChange = listener;
  }

  write(batch: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#rejectWrite = () => {
        reject(new Error('the output was given up before it could be written', { cause: this.failure }));
      };
      void this.output.send(batch).then(resolve);
    });
  }

  /** The output stays open: the log needs it to the last. */
  close(): Promise<void> {
    this.#rejectWrite?.();
    return Promise.resolve();
  }
}
