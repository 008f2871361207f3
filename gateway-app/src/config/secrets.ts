import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { secretFilesOf } from '../../contract/secret-files';
import { InvalidInput, pathText, type Problem } from '../../contract/validate';

/** What may stand in an HTTP header: printable ASCII without blanks. */
const headerSafe = /^[\x21-\x7e]{1,8192}$/;

/** The secrets in use, one per file. Their values leave this object for a provider's header only. */
export class Secrets {
  readonly #secrets = new Map<string, { readonly value: string; readonly minLength: number }>();

  constructor(private readonly directory: string) {}

  /** Paths of all files in use, for the watch. */
  get paths(): readonly string[] {
    return [...this.#secrets.keys()].map((file) => join(this.directory, file));
  }

  /** @throws Error where {@link load} has not read the file. */
  get(file: string): string {
    const secret = this.#secrets.get(file);
    if (secret === undefined) throw new Error(`the secret file ${file} was never loaded`);
    return secret.value;
  }

  /**
   * Reads every secret that the configuration names. All or none are taken over.
   *
   * @throws InvalidInput with each file that is missing or holds no usable value.
   */
  async load(config: RuntimeConfig, consequence: string): Promise<void> {
    const problems: Problem[] = [];
    const secrets = new Map<string, { value: string; minLength: number }>();
    for (const { path, name, minLength } of secretFilesOf(config)) {
      const read = await this.#read(name, minLength);
      if (typeof read === 'string') secrets.set(name, { value: read, minLength });
      else problems.push({ path: pathText(path), ...read });
    }
    if (problems.length > 0) throw new InvalidInput(`secrets in ${this.directory}`, problems, consequence);
    for (const [file, secret] of secrets) this.#secrets.set(file, secret);
  }

  /**
   * Reads again what is in use.
   *
   * @returns Files whose value changed, and those whose old value stays because the new one cannot be used.
   */
  async refresh(): Promise<{ changed: string[]; refused: string[] }> {
    const changed: string[] = [];
    const refused: string[] = [];
    for (const [file, { value, minLength }] of this.#secrets) {
      const read = await this.#read(file, minLength);
      if (typeof read !== 'string') refused.push(file);
      else if (read !== value) {
        this.#secrets.set(file, { value: read, minLength });
        changed.push(file);
      }
    }
    return { changed, refused };
  }

  async #read(file: string, minLength: number): Promise<string | Omit<Problem, 'path'>> {
    let text: string;
    try {
      text = (await readFile(join(this.directory, file), 'utf8')).trim();
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      return {
        value: `${file}, which cannot be read (${code ?? String(error)})`,
        rule: 'must name a readable file in the secrets folder',
        fix: 'create the file with the key as its only content, or correct the name',
      };
    }
    if (headerSafe.test(text) && text.length >= minLength) return text;
    return {
      value: `${file}, which holds ${text.length} characters (hidden)`,
      rule: `its content must be one line of ${minLength} to 8192 printable ASCII characters without blanks`,
      fix: 'write the key as the only content of the file',
    };
  }
}
