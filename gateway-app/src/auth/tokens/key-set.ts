import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose';

const asymmetric = new Set(['RSA', 'EC', 'OKP']);
const maxKeys = 64;

/** The public keys of an issuer at one time. */
export interface KeySet {
  /** Finds the one that a token names. */
  readonly find: JWTVerifyGetKey;
  /** Equal for two sets of the same keys. */
  readonly fingerprint: string;
}

/**
 * Takes the keys from an issuer's document. What could not have signed a token is left out: symmetric keys, private ones
 * (theirs is the mistake, and no reason to trust what anybody can now sign), and those for encryption.
 *
 * @throws Error where no key is left.
 */
export function keySetOf(document: unknown): KeySet {
  const listed = (document as { keys?: unknown } | null)?.keys;
  if (!Array.isArray(listed)) throw new Error('Its answer has no list of keys.');
  const keys = listed.filter(isPublicKey).slice(0, maxKeys);
  if (keys.length === 0) throw new Error('Its answer has no public key for signatures.');
  return { find: createLocalJWKSet({ keys }), fingerprint: JSON.stringify(keys) };
}

function isPublicKey(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false;
  const { kty, use, d } = key as JWK;
  return typeof kty === 'string' && asymmetric.has(kty) && use !== 'enc' && d === undefined;
}
