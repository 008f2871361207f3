import type { Construct } from 'constructs';
import { parseInput } from '../config/parse';
import { secrets } from '../config/schema/parts';
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
    return new Existing(parseInput(secrets, { existing: name }, 'Secrets.existing').existing);
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
