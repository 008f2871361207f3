import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Certificate } from './certificate';
import { program } from './programs';

/** An authority that signs certificates, made by openssl. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'authority-'));
  #count = 0;

  constructor(name = 'Test Authority') {
    const usage = [
      '-addext',
      'basicConstraints=critical,CA:TRUE',
      '-addext',
      'keyUsage=critical,keyCertSign',
    ];
    this.#openssl(
      'req',
      '-x509',
      ...newKey,
      ...this.#out('ca'),
      '-subj',
      `/CN=${name}`,
      '-days',
      '1',
      ...usage,
    );
  }

  get cert(): string {
    return readFileSync(join(this.#folder, 'ca.crt'), 'utf8');
  }

  /**
   * @param subject e.g. `/CN=search`.
   * @param alternativeNames e.g. `URI:spiffe://test/search,DNS:search.test`.
   * @param days Until its end; negative for one that has ended.
   */
  sign(subject: string, alternativeNames: string, days = 1): Certificate {
    const name = `leaf-${(this.#count += 1)}`;
    const request = join(this.#folder, `${name}.csr`);
    const key = join(this.#folder, `${name}.key`);
    const names = ['-addext', `subjectAltName=${alternativeNames}`];
    this.#openssl('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', subject, ...names);
    const by = [
      '-CA',
      join(this.#folder, 'ca.crt'),
      '-CAkey',
      join(this.#folder, 'ca.key'),
      '-CAcreateserial',
    ];
    const cert = this.#openssl(
      'x509',
      '-req',
      '-in',
      request,
      ...by,
      '-copy_extensions',
      'copy',
      '-days',
      String(days),
    );
    return { key: readFileSync(key, 'utf8'), cert };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #out(name: string): string[] {
    return ['-keyout', join(this.#folder, `${name}.key`), '-out', join(this.#folder, `${name}.crt`)];
  }

  #openssl(...args: string[]): string {
    return execFileSync(program('openssl'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
