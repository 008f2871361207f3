import { hash } from 'node:crypto';
import { auditLineStart } from '../../contract/audit-line';

/** What the first line of a chain carries in the place of a line before it. */
export const genesisHash = '0'.repeat(64);

/** Where a chain has got to. A head that is kept elsewhere proves every line up to it. */
export interface ChainHead {
  readonly chain: string;
  readonly sequence: number;
  readonly hash: string;
}

/**
 * Gives each record its place in a chain: a number, the hash of the line before, and a hash of its own over every byte
 * before that hash. So a reader needs no canonical form of JSON, and no two lines can change places.
 */
export class Chain {
  #sequence = -1;
  #hash = genesisHash;
  readonly #start: string;

  /** @param id Unlike that of any other chain that may reach the same file or stream. */
  constructor(readonly id: string) {
    this.#start = `${auditLineStart}"chain":${JSON.stringify(id)},"sequence":`;
  }

  /** The last line sealed; its sequence is -1 before the first. */
  get head(): ChainHead {
    return { chain: this.id, sequence: this.#sequence, hash: this.#hash };
  }

  /**
   * @param members Members of a JSON object, without its braces.
   * @returns The whole line, with its end.
   */
  seal(members: string): string {
    this.#sequence += 1;
    const body = `${this.#start}${this.#sequence},"previous":"${this.#hash}",${members}`;
    this.#hash = hash('sha256', body);
    return `${body},"hash":"${this.#hash}"}\n`;
  }
}
