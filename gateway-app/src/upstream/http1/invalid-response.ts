/** The provider's bytes break HTTP/1.1. Where the next answer begins is unknown: the connection must be closed. */
export class InvalidResponse extends Error {
  override readonly name = 'InvalidResponse';

  constructor(what: string) {
    super(`The provider's answer is not valid HTTP/1.1: ${what}.`);
  }
}
