import type { Construct } from 'constructs';
import { parseInput } from '../config/parse';
import { existingSecret, externalSecrets, type ExternalSecrets } from '../config/schema/secrets';
import type { ExternalSecretsInput } from '../config/types';
import { ExternalFiles } from '../kit/external-files';
import type { Identity } from '../kit/identity';
import { SynthError } from '../kit/synth-error';

/** Where the configuration's secrets come from. They reach the gateway as files, never as environment or plain text. */
export abstract class Secrets {
  /** For the compiler only: by shape alone, one part could stand for another. */
  declare protected readonly part: 'secrets';

  /**
   * A Secret that someone else makes in the gateway's namespace; each key becomes a file.
   *
   * @throws InvalidInput where the name is no legal one.
   */
  static existing(name: string): Secrets {
    return new Existing(parseInput(existingSecret, name, 'Secrets.existing'));
  }

  /**
   * A Secret that the External Secrets operator keeps like the values in AWS Secrets Manager or Vault, with exactly the
   * files that the configuration names.
   *
   * @throws InvalidInput where the input is not valid.
   */
  static externalSecrets(input: ExternalSecretsInput): Secrets {
    return new External(parseInput(externalSecrets, input, 'Secrets.externalSecrets'));
  }

  /** The configuration names no secret. */
  static none(): Secrets {
    return new None();
  }

  /**
   * Adds what brings the files into the namespace.
   *
   * @param files Names of the files that the configuration refers to.
   * @returns Name of the Secret to mount; undefined where there is none.
   */
  abstract attach(scope: Construct, identity: Identity, files: readonly string[]): string | undefined;
}

class Existing extends Secrets {
  constructor(private readonly secretName: string) {
    super();
  }

  override attach(): string {
    return this.secretName;
  }
}

class External extends Secrets {
  constructor(private readonly settings: ExternalSecrets) {
    super();
  }

  override attach(scope: Construct, identity: Identity, files: readonly string[]): string | undefined {
    if (files.length === 0) return undefined;
    const { settings } = this;
    const keyPrefix = defaultKeyPrefix(identity);
    return new ExternalFiles(scope, 'files', { identity, suffix: 'secrets', settings, keyPrefix, files })
      .secretName;
  }
}

class None extends Secrets {
  override attach(_scope: Construct, _identity: Identity, files: readonly string[]): undefined {
    if (files.length === 0) return;
    throw new SynthError(
      `The configuration refers to the secret files ${files.join(', ')}, but Secrets.none() brings none.`,
      'The gateway would refuse to start.',
      "choose Secrets.existing('<name of a Secret>'), or remove what names them",
    );
  }
}

/** What comes before the names of the files in the manager where the input says nothing. */
export function defaultKeyPrefix({ environment, name }: Pick<Identity, 'environment' | 'name'>): string {
  return `${environment}/${name}`;
}
