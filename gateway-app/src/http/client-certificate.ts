import type { X509Certificate } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import type { ClientCertificate } from '../core/client-exchange';

interface Shown {
  readonly certificate: Omit<ClientCertificate, 'isTrusted'>;
  readonly isSigned: boolean;
  readonly endMs: number;
}

/** Read once for each connection: a client sends many requests on it. */
const bySocket = new WeakMap<TLSSocket, Shown | undefined>();

/** The certificate that the client of a connection has shown. */
export function clientCertificate(socket: Duplex): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  if (!bySocket.has(socket)) bySocket.set(socket, shownOn(socket));
  const shown = bySocket.get(socket);
  // Its end is looked at for each request: a connection may be kept for longer than that.
  return shown && { ...shown.certificate, isTrusted: shown.isSigned && Date.now() < shown.endMs };
}

function shownOn(socket: TLSSocket): Shown | undefined {
  const x509 = socket.getPeerX509Certificate();
  if (x509 === undefined) return undefined;
  return { certificate: read(x509), isSigned: socket.authorized, endMs: Date.parse(x509.validTo) };
}

function read(x509: X509Certificate): Omit<ClientCertificate, 'isTrusted'> {
  const names = alternativeNames(x509.subjectAltName ?? '');
  // Its type promises a subject, which a certificate may lack.
  const { subject } = x509.toLegacyObject() as { readonly subject?: { readonly CN?: unknown } };
  const commonName = subject?.CN;
  return {
    fingerprint: x509.fingerprint256.replaceAll(':', '').toLowerCase(),
    ...(typeof commonName === 'string' && { commonName }),
    dnsNames: names.filter(({ type }) => type === 'DNS').map(({ value }) => value),
    uris: names.filter(({ type }) => type === 'URI').map(({ value }) => value),
  };
}

/** Node writes a name that could be taken for several as JSON, so a comma within one is never the end of it. */
const alternativeName = /([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^,]*)(?:, |$)/g;

export function alternativeNames(text: string): { readonly type: string; readonly value: string }[] {
  return [...text.matchAll(alternativeName)].map(([, type = '', value = '']) => ({
    type,
    value: value.startsWith('"') ? (JSON.parse(value) as string) : value,
  }));
}
