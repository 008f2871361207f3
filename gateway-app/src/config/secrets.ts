import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RuntimeConfig } from '../../contract/runtime-config';
import { issuedSuffix } from '../../contract/secret-file';
import { secretFilesOf, type SecretForm } from '../../contract/secret-files';
import { InvalidInput, pathText, type Problem } from '../../contract/validate';
import { issuedAt } from './secret-age';
import { formFault } from './secret-form';

interface Secret {
  readonly value: string;
  readonly form: SecretForm;
  /** Since when the value is in use, in seconds since the Unix epoch. */
  readonly issuedSeconds: number;
}

/** A file of which no use can be made: what is wrong with it. */
type Unusable = Omit<Problem, 'path'>;

/**
 * The secrets of one configuration, one per file. Their values leave this object for a provider's header only.
 *
 * Each configuration has its own: a request that began under the old one still finds its keys there, and they are gone
 * with its end.
 */
export class Secrets {
  private constructor(
    private readonly directory: string,
    private readonly secrets: Map<string, Secret>,
  ) {}

  /**
   * Reads every secret that the configuration names.
   *
   * @throws InvalidInput with each file that is missing or holds no usable value.
   */
  static async load(directory: string, config: RuntimeConfig, consequence: string): Promise<Secrets> {
    const problems: Problem[] = [];
    const secrets = new Map<string, Secret>();
    for (const { path, name, form } of secretFilesOf(config)) {
      const read = await readSecret(directory, name, form);
      if ('issuedSeconds' in read) secrets.set(name, read);
      else problems.push({ path: pathText(path), ...read });
    }
    if (problems.length > 0) throw new InvalidInput(`secrets in ${directory}`, problems, consequence);
    return new Secrets(directory, secrets);
  }

  /** Paths of all files, for the watch. */
  get paths(): readonly string[] {
    return [...this.secrets.keys()].flatMap((file) => {
      const path = join(this.directory, file);
      return [path, path + issuedSuffix];
    });
  }

  /** Since when each value is in use, in seconds since the Unix epoch. Not of certificates, which end by themselves. */
  get issued(): readonly (readonly [file: string, seconds: number])[] {
    return [...this.secrets]
      .filter(([, { form }]) => form.kind === 'value')
      .map(([file, { issuedSeconds }]) => [file, issuedSeconds]);
  }

  /** @throws Error where the configuration does not name the file. */
  get(file: string): string {
    const secret = this.secrets.get(file);
    if (secret === undefined) throw new Error(`the secret file ${file} was never loaded`);
    return secret.value;
  }

  /**
   * Reads all of them again.
   *
   * @returns Files whose value changed, and those whose old value stays because the new one cannot be used.
   */
  async refresh(): Promise<{ changed: string[]; refused: string[] }> {
    const changed: string[] = [];
    const refused: string[] = [];
    for (const [file, { value, form }] of this.secrets) {
      const read = await readSecret(this.directory, file, form);
      if (!('issuedSeconds' in read)) refused.push(file);
      else {
        this.secrets.set(file, read);
        if (read.value !== value) changed.push(file);
      }
    }
    return { changed, refused };
  }
}

async function readSecret(directory: string, file: string, form: SecretForm): Promise<Secret | Unusable> {
  const path = join(directory, file);
  let text: string;
  let issuedSeconds: number;
  try {
    text = (await readFile(path, 'utf8')).trim();
    issuedSeconds = await issuedAt(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return {
      value: `${file}, which cannot be read (${code ?? String(error)})`,
      rule: 'must name a readable file in the secrets folder',
      fix: 'create the file, or correct the name',
    };
  }
  return formFault(file, text, form) ?? { value: text, form, issuedSeconds };
}
