import { z } from 'zod';
import { secretFile } from './secret-file';

export const tlsVersions = ['TLSv1.2', 'TLSv1.3'] as const;

/** TLS at the listener for clients. */
export const tls = z
  .strictObject({
    certFile: secretFile.describe(
      'File in the secrets folder with the certificate and those between it and its authority, in PEM.',
    ),
    keyFile: secretFile.describe('File in the secrets folder with its private key, in PEM, unencrypted.'),
    minVersion: z
      .enum(tlsVersions)
      .default('TLSv1.2')
      .describe('Lowest version that is spoken. Default TLSv1.2.'),
    clientCaFile: secretFile
      .optional()
      .describe(
        'File in the secrets folder with the authorities of client certificates, in PEM. Needed by the access method `client-certificates`.',
      ),
  })
  .describe(
    'TLS at the listener for clients. Absent: plain HTTP, for a mesh or an ingress beside it that speaks TLS. Fixed while the process runs; the files are read again when they change.',
  );

export type TlsConfig = z.output<typeof tls>;
