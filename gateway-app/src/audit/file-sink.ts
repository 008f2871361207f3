import { open, stat, type FileHandle } from 'node:fs/promises';
import { readFileTail, type FileTail } from './file-tail';
import { exists, rotatedPath, rotateFiles } from './rotated-files';
import type { AuditSink } from './sink';

export interface FileSinkOptions {
  readonly path: string;
  readonly maxBytes: number;
  /** Files to keep, the one that is written included. */
  readonly maxFiles: number;
  /** Pause before a failed write is tried again. Default 500. */
  readonly retryMs?: number;
}

/** What an earlier process has left. */
export interface OpenedFile {
  readonly sink: FileSink;
  readonly predecessor: FileTail['last'];
  readonly cutBytes: number | undefined;
}

const defaultRetryMs = 500;
const ownerOnly = 0o600;

/** Appends to a file, and begins a new one where the audit log says so. One process per file. */
export class FileSink implements AuditSink {
  failure: Error | undefined;
  onStateChange: () => void = () => undefined;
  #rejectWrite: (() => void) | undefined;
  #retry: NodeJS.Timeout | undefined;
  #closed = false;
  /** The file may end in half a line. */
  #cut = false;

  private constructor(
    private readonly options: FileSinkOptions,
    private file: FileHandle,
    readonly openedBytes: number,
    /** Length up to which the file holds whole lines. */
    private wholeBytes = openedBytes,
  ) {}

  /**
   * Opens the file, creates it where there is none, and cuts off half a line that a crash has left at its end.
   *
   * @throws Error where it cannot be written, or is no audit file.
   */
  static async open(options: FileSinkOptions): Promise<OpenedFile> {
    const file = await openForAppend(options.path);
    try {
      const { last, wholeBytes, cutBytes } = await readFileTail(file, options.path);
      if (cutBytes > 0) await file.truncate(wholeBytes);
      return {
        sink: new FileSink(options, file, wholeBytes),
        // A process that ended between moving the file away and writing the next one has left only the moved one.
        predecessor: wholeBytes > 0 ? last : await lastOf(rotatedPath(options.path, 1)),
        cutBytes: cutBytes > 0 ? cutBytes : undefined,
      };
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  get maxFileBytes(): number {
    return this.options.maxBytes;
  }

  write(batch: Buffer, startsFile: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#rejectWrite = () => {
        reject(new Error('the audit file was closed before it could be written', { cause: this.failure }));
      };
      void this.#tryUntilWritten(batch, startsFile).then(resolve);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#retry);
    this.#rejectWrite?.();
    // Waits for a write in progress, which on a dead network disk never ends: nobody waits for this then.
    await this.file.close().catch(() => undefined);
  }

  async #tryUntilWritten(batch: Buffer, startsFile: boolean): Promise<void> {
    let mustRotate = startsFile;
    while (!this.#closed) {
      try {
        if (mustRotate) await this.#rotate();
        mustRotate = false;
        await this.#append(batch);
        this.#setFailure(undefined);
        return;
      } catch (error) {
        this.#setFailure(error instanceof Error ? error : new Error(String(error)));
        await new Promise<void>((resolve) => {
          this.#retry = setTimeout(resolve, this.options.retryMs ?? defaultRetryMs).unref();
        });
      }
    }
  }

  async #append(batch: Buffer): Promise<void> {
    await this.#followPath();
    const { size } = await this.file.stat();
    if (this.#cut) await this.file.truncate(this.wholeBytes);
    else this.wholeBytes = size;
    this.#cut = true;
    try {
      for (let offset = 0; offset < batch.length;) {
        offset += (await this.file.write(batch, offset)).bytesWritten;
      }
    } catch (error) {
      // A full disk takes the first half of a line. Truncating needs no space; where it fails too, the next try does it.
      await this.file.truncate(this.wholeBytes);
      this.#cut = false;
      throw error;
    }
    this.#cut = false;
    this.wholeBytes += batch.length;
  }

  /** Somebody who moves or removes the file must not make the gateway write into one that no path leads to. */
  async #followPath(): Promise<void> {
    const held = await this.file.stat();
    const named = await stat(this.options.path).catch(() => undefined);
    if (named?.ino === held.ino && named.dev === held.dev) return;
    await this.#reopen();
  }

  async #rotate(): Promise<void> {
    await this.file.datasync();
    if (await exists(this.options.path)) await rotateFiles(this.options.path, this.options.maxFiles);
    await this.#reopen();
  }

  async #reopen(): Promise<void> {
    const next = await openForAppend(this.options.path);
    const old = this.file;
    this.file = next;
    this.#cut = false;
    await old.close();
  }

  #setFailure(failure: Error | undefined): void {
    const changed = (failure === undefined) !== (this.failure === undefined);
    this.failure = failure;
    if (changed) this.onStateChange();
  }
}

/** Appending, so that no write can land inside what is there; readable, to find its last line. */
function openForAppend(path: string): Promise<FileHandle> {
  return open(path, 'a+', ownerOnly);
}

async function lastOf(path: string): Promise<FileTail['last']> {
  if (!(await exists(path))) return undefined;
  const file = await open(path, 'r');
  try {
    return (await readFileTail(file, path)).last;
  } finally {
    await file.close();
  }
}
