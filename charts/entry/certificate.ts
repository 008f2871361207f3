import type { Construct } from 'constructs';
import type { CertificateProps } from '../../imports/certificate-cert-manager.io';
import type { IssuerInput } from '../config/entry';
import { metadataOf, type Identity } from '../kit/identity';
import { addTypedObject } from '../kit/operator-object';

export interface EntryCertificateProps {
  readonly identity: Identity;
  /** Where the proxy runs that speaks TLS: it reads the Secret from its own namespace. */
  readonly namespace: string;
  readonly hosts: readonly string[];
  readonly issuer: IssuerInput;
}

/**
 * What the entry puts into the namespace of the proxies has this name there: the gateway's namespace, which no other
 * gateway of the cluster has.
 */
export function nameAtProxies({ namespace }: Identity): string {
  return namespace;
}

/**
 * The certificate of the entry, made and renewed by cert-manager.
 *
 * @returns Name of the Secret that will hold it.
 */
export function addCertificate(
  scope: Construct,
  { identity, namespace, hosts, issuer }: EntryCertificateProps,
) {
  const secretName = `${nameAtProxies(identity)}-tls`;
  addTypedObject<CertificateProps>(
    scope,
    'certificate',
    { apiVersion: 'cert-manager.io/v1', kind: 'Certificate' },
    {
      metadata: { ...metadataOf(identity), name: nameAtProxies(identity), namespace },
      spec: {
        secretName,
        dnsNames: [...hosts],
        issuerRef:
          'clusterIssuer' in issuer
            ? { kind: 'ClusterIssuer', name: issuer.clusterIssuer }
            : { kind: 'Issuer', name: issuer.issuer },
        // A key that was stolen is worth nothing after the next renewal.
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        usages: ['digital signature', 'server auth'],
      },
    },
  );
  return secretName;
}
