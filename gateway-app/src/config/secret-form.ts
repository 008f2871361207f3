import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { Problem } from '../../contract/validate';
import type { SecretForm } from '../../contract/secret-files';

/** What may stand in an HTTP header: printable ASCII without blanks. */
const headerSafe = /^[\x21-\x7e]{1,8192}$/;
const certificateBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;

/**
 * Says what is wrong with the content of a secret's file; undefined where nothing is. Never repeats the content.
 *
 * @param text Without the blanks around it.
 */
export function formFault(file: string, text: string, form: SecretForm): Omit<Problem, 'path'> | undefined {
  const value = `${file}, which holds ${text.length} characters (hidden)`;
  if (form.kind === 'value') {
    if (headerSafe.test(text) && text.length >= form.minLength) return undefined;
    return {
      value,
      rule: `its content must be one line of ${form.minLength} to 8192 printable ASCII characters without blanks`,
      fix: 'write the key as the only content of the file',
    };
  }
  if (form.kind === 'private-key') {
    if (isPrivateKey(text)) return undefined;
    return {
      value,
      rule: 'its content must be one private key in PEM, without a passphrase',
      fix: 'write the key from -----BEGIN PRIVATE KEY----- to its END as the only content of the file',
    };
  }
  if (!privateKey.test(text) && areCertificates(text)) return undefined;
  return {
    value,
    rule: 'its content must be one or more certificates in PEM, and no private key',
    fix: 'write the certificates one below the other, each from -----BEGIN CERTIFICATE----- to its END',
  };
}

function areCertificates(text: string): boolean {
  const blocks = text.match(certificateBlock) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate);
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).serialNumber !== '';
  } catch {
    return false;
  }
}

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).type === 'private';
  } catch {
    return false;
  }
}
