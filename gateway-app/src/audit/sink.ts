/** Where audit lines go. */
export interface AuditSink {
  /** How large a file may grow in bytes; Infinity where the sink has none. */
  readonly maxFileBytes: number;
  /** What the file held when it was opened. */
  readonly openedBytes: number;
  /** Why the sink takes nothing at present; undefined while it works. */
  readonly failure: Error | undefined;
  /** Called when `failure` is set or cleared. */
  onStateChange: () => void;
  /**
   * Writes whole lines, and tries again until it has: a batch given up would be a hole in the chain. One at a time.
   *
   * @param startsFile The batch is the beginning of a new file.
   * @throws Error only where the sink was closed before it could write.
   */
  write(batch: Buffer, startsFile: boolean): Promise<void>;
  /** Gives up a write that is being tried again. */
  close(): Promise<void>;
}
