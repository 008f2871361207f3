import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { InvalidInput, type Problem } from '../../contract/validate';

/** What may stand in an HTTP header: printable ASCII without blanks. */
const headerSafe = /^[\x21-\x7e]{1,8192}$/;

/** A shorter one could be guessed: nothing slows the guesses of an address that is allowed. */
const minAdminTokenLength = 32;

/** The secrets in use, one per file. Their values leave this object for a provider's header only. */
export class Secrets {
  readonly #values = new Map<string, string>();
  #adminTokenFile: string | undefined;

  constructor(private readonly directory: string) {}

  /** Paths of all files in use, for the watch. */
  get paths(): readonly string[] {
    return [...this.#values.keys()].map((file) => join(this.directory, file));
  }

  /** @throws Error where {@link load} has not read the file. */
  get(file: string): string {
    const value = this.#values.get(file);
    if (value === undefined) throw new Error(`the secret file ${file} was never loaded`);
    return value;
  }

  /**
   * Reads every secret that the configuration names. All or none are taken over.
   *
   * @throws InvalidInput with each file that is missing or holds no usable value.
   */
  async load(config: RuntimeConfig, consequence: string): Promise<void> {
    const problems: Problem[] = [];
    const values = new Map<string, string>();
    if (config.admin !== undefined) {
      const read = await this.#read(config.admin.tokenFile, minAdminTokenLength);
      if (typeof read === 'string') values.set(config.admin.tokenFile, read);
      else problems.push({ path: 'admin.tokenFile', ...read });
    }
    for (const [index, provider] of config.providers.entries()) {
      if (provider.kind === 'echo' || provider.apiKeyFile === undefined) continue;
      const read = await this.#read(provider.apiKeyFile);
      if (typeof read === 'string') values.set(provider.apiKeyFile, read);
      else problems.push({ path: `providers[${index}].apiKeyFile`, ...read });
    }
    if (config.store.kind === 'redis' && config.store.passwordFile !== undefined) {
      const read = await this.#read(config.store.passwordFile);
      if (typeof read === 'string') values.set(config.store.passwordFile, read);
      else problems.push({ path: 'store.passwordFile', ...read });
    }
    if (problems.length > 0) throw new InvalidInput(`secrets in ${this.directory}`, problems, consequence);
    for (const [file, value] of values) this.#values.set(file, value);
    this.#adminTokenFile = config.admin?.tokenFile;
  }

  /**
   * Reads again what is in use.
   *
   * @returns Files whose value changed, and those whose old value stays because the new one cannot be used.
   */
  async refresh(): Promise<{ changed: string[]; refused: string[] }> {
    const changed: string[] = [];
    const refused: string[] = [];
    for (const [file, old] of this.#values) {
      const read = await this.#read(file, file === this.#adminTokenFile ? minAdminTokenLength : 1);
      if (typeof read !== 'string') refused.push(file);
      else if (read !== old) {
        this.#values.set(file, read);
        changed.push(file);
      }
    }
    return { changed, refused };
  }

  async #read(file: string, minLength = 1): Promise<string | Omit<Problem, 'path'>> {
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
