import { z } from 'zod';
import { defaults } from '../defaults';
import { dnsLabel, hostName, labelValue, pattern } from './scalars';
import { adminViaIngress } from './entry-admin';

/** Names of objects that others chose: a dot is legal there. */
const objectName = pattern(
  /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/,
  'must be lower-case letters, digits, inner hyphens and dots',
  'write the name of the object as the cluster has it',
);

const certificate = z.union(
  [z.strictObject({ clusterIssuer: objectName }), z.strictObject({ issuer: objectName })],
  { error: 'must be { clusterIssuer } or { issuer }' },
);

const scrape = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('plain-text') }),
    z.strictObject({
      kind: z.literal('mesh-certificate'),
      serviceAccount: objectName,
      certificateFolder: pattern(
        /^(\/[A-Za-z0-9._-]+)+$/,
        'must be the absolute path of a folder, without a slash at its end',
        'write it like /etc/prom-certs',
      ).default(defaults.meshCertificateFolder),
    }),
  ],
  { error: 'must be made by MeshScrape' },
);

const istio = z.strictObject({
  kind: z.literal('istio'),
  certificate,
  gatewayLabel: labelValue.default(defaults.istioGatewayLabel),
  gatewayServiceAccount: objectName.default(defaults.istioGatewayServiceAccount),
  controlPlaneNamespace: dnsLabel().default(defaults.istioNamespace),
  scrape: scrape.default({ kind: 'plain-text' }),
  admin: z
    .discriminatedUnion('kind', [z.strictObject({ kind: z.literal('port-forward') }), adminViaIngress], {
      error: 'must be made by Admin',
    })
    .default({ kind: 'port-forward' }),
});

const backendTls = z.strictObject({
  hostName,
  authority: z.union(
    [z.strictObject({ caConfigMap: objectName }), z.strictObject({ wellKnown: z.literal('System') })],
    { error: "must be { caConfigMap } or { wellKnown: 'System' }" },
  ),
});

const gatewayApi = z.strictObject({
  kind: z.literal('gateway-api'),
  certificate,
  gatewayClass: objectName,
  backendTls: backendTls.optional(),
});

export const entry = z.discriminatedUnion(
  'kind',
  [istio, gatewayApi, z.strictObject({ kind: z.literal('none') })],
  {
    error: 'must be an entry made by Entry',
  },
);

export type EntrySettings = z.output<typeof entry>;
export type IstioSettings = z.output<typeof istio>;
export type BackendTlsSettings = z.output<typeof backendTls>;
export type GatewayApiSettings = z.output<typeof gatewayApi>;
