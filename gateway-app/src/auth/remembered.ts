import type { Tenant } from '../core/request-context';

/** Whose a credential is. */
export interface Recognized {
  readonly tenant: Tenant;
  /** Asked at each use: a token expires, and the keys of its issuer change. Absent: for as long as the configuration. */
  readonly holds?: () => boolean;
}

const maxEntries = 4096;
/** A token may have 16 KiB: so many of them would weigh more than everything else. */
const maxCharacters = 8 * 1024 * 1024;

/**
 * Credentials that were right, to spare busy clients the hash or the signature. Bounded, because one key can be written
 * with any number of blanks, and an issuer signs a new token every few minutes. The oldest goes first.
 */
export class Remembered {
  readonly #entries = new Map<string, Recognized>();
  #characters = 0;

  get(credential: string): Tenant | undefined {
    const entry = this.#entries.get(credential);
    if (entry === undefined) return undefined;
    if (entry.holds === undefined || entry.holds()) return entry.tenant;
    this.#forget(credential);
    return undefined;
  }

  add(credential: string, recognized: Recognized): void {
    if (!this.#entries.has(credential)) this.#characters += credential.length;
    this.#entries.set(credential, recognized);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries && this.#characters <= maxCharacters) return;
      this.#forget(oldest);
    }
  }

  #forget(credential: string): void {
    if (this.#entries.delete(credential)) this.#characters -= credential.length;
  }
}
