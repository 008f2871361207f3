import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A folder of secrets that changes as a Secret's volume does: the kubelet writes all files into a new folder and swaps one
 * link, and each name leads through that link.
 */
export class SecretVolume {
  #version = 0;

  constructor(private readonly directory: string) {}

  /** Publishes these files, and takes away those that are not named any more. */
  publish(files: Readonly<Record<string, string>>): void {
    this.#version += 1;
    const version = `..version_${this.#version}`;
    mkdirSync(join(this.directory, version));
    for (const [name, value] of Object.entries(files)) {
      writeFileSync(join(this.directory, version, name), `${value}\n`);
    }
    this.#link('..data', version);
    for (const name of Object.keys(files)) this.#link(name, join('..data', name));
  }

  /** In one step, whatever stood there before. */
  #link(name: string, target: string): void {
    const fresh = join(this.directory, `..fresh_${name}`);
    symlinkSync(target, fresh);
    renameSync(fresh, join(this.directory, name));
  }
}
