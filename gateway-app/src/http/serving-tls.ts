import { X509Certificate } from 'node:crypto';
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import { createSecureContext, type SecureContextOptions, type TlsOptions } from 'node:tls';
import { labelValues, type HandshakeFailure } from '../../contract/metric-labels';
import type { TlsConfig } from '../../contract/runtime-config-tls';
import { InvalidInput } from '../../contract/validate';
import type { Logger } from '../telemetry/logger';
import type { Registry } from '../telemetry/registry';
import type { Counter } from '../telemetry/series';

export type HandshakeFailures = ReadonlyMap<HandshakeFailure, Counter>;

/** They exist without TLS too, so that no rule asks for what is not there. */
export function handshakeFailures({ families }: Registry): HandshakeFailures {
  const { tlsHandshakeFailures } = families;
  return new Map(
    labelValues.handshakeFailure.map((reason) => [reason, tlsHandshakeFailures.series({ reason })]),
  );
}

export interface ServingTlsParts {
  readonly config: TlsConfig;
  /** The content of a secret's file as it is now. */
  readonly secret: (file: string) => string;
  readonly handshakeMs: number;
  readonly failures: HandshakeFailures;
  readonly registry: Registry;
  readonly logger: Logger;
}

type Material = Required<Pick<SecureContextOptions, 'cert' | 'key'>> & { readonly ca?: string };

/** TLS at the listener for clients: its certificate as the files have it, and what happens in the handshakes. */
export class ServingTls {
  #material: Material;
  #servers: Server[] = [];
  /** Those made since the authorities of clients changed last. */
  #current = new WeakSet<Duplex>();

  /** @throws InvalidInput where certificate and key are no pair. */
  constructor(private readonly parts: ServingTlsParts) {
    this.#material = this.#read();
    const fault = this.#faultOf(this.#material);
    if (fault !== undefined) throw new InvalidInput('tls', [fault], 'The gateway does not start.');
    this.#tellEnd();
  }

  get options(): TlsOptions {
    return {
      ...this.#contextOptions(),
      // Asked for, and judged with the request: a health check has none, and must be answered.
      requestCert: this.#material.ca !== undefined,
      rejectUnauthorized: false,
      handshakeTimeout: this.parts.handshakeMs,
      ALPNProtocols: ['http/1.1'],
    };
  }

  attach(server: Server): void {
    this.#servers.push(server);
    server.on('tlsClientError', (error: NodeJS.ErrnoException) => {
      this.parts.failures.get(failureOf(error))?.increment();
    });
    server.on('secureConnection', (socket) => {
      this.#current.add(socket);
    });
  }

  /** Takes over what the files hold now. Open connections stay as they are; one that cannot be used changes nothing. */
  refresh(): void {
    const next = this.#read();
    const { cert, key, ca } = this.#material;
    if (next.cert === cert && next.key === key && next.ca === ca) return;
    const fault = this.#faultOf(next);
    if (fault !== undefined) {
      this.parts.logger.error({ reason: fault.rule }, 'certificate unusable; the old one stays in use');
      return;
    }
    this.#material = next;
    if (next.ca !== ca) this.#current = new WeakSet();
    for (const server of this.#servers) server.setSecureContext(this.#contextOptions());
    this.#tellEnd();
    this.parts.logger.info({ end: this.#certificate().validTo }, 'certificate in use');
  }

  /** The authorities of clients have changed since: the client shall connect anew, and show its certificate again. */
  isOutdated(socket: Duplex): boolean {
    return this.#material.ca !== undefined && !this.#current.has(socket);
  }

  #read(): Material {
    const { config, secret } = this.parts;
    const { certFile, keyFile, clientCaFile } = config;
    return {
      cert: secret(certFile),
      key: secret(keyFile),
      ...(clientCaFile !== undefined && { ca: secret(clientCaFile) }),
    };
  }

  #contextOptions(): SecureContextOptions {
    return { ...this.#material, minVersion: this.parts.config.minVersion };
  }

  #faultOf(material: Material) {
    try {
      createSecureContext(material);
      return undefined;
    } catch (error) {
      const { certFile, keyFile } = this.parts.config;
      return {
        path: 'keyFile',
        value: `${keyFile} (hidden)`,
        rule: `must be the key of the certificate in ${certFile} (${error instanceof Error ? error.message : String(error)})`,
        fix: 'write both files from one pair',
      };
    }
  }

  /** The server's own stands first in the file. */
  #certificate(): X509Certificate {
    return new X509Certificate(String(this.#material.cert));
  }

  #tellEnd(): void {
    const series = this.parts.registry.families.tlsCertificateEnd.series({});
    series.value = Date.parse(this.#certificate().validTo) / 1000;
  }
}

function failureOf({ code = '', message }: NodeJS.ErrnoException): HandshakeFailure {
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return 'timeout';
  if (code === 'ECONNRESET' || code === 'EPIPE') return 'closed';
  return /ALERT/i.test(code) || /alert/i.test(message) ? 'refused_by_client' : 'protocol';
}
