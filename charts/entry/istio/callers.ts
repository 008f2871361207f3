import type { Construct } from 'constructs';
import { adminPrefix } from '../../../gateway-app/contract/admin';
import { httpPaths } from '../../../gateway-app/contract/paths';
import type { AuthorizationPolicyProps } from '../../../imports/authorizationpolicy-security.istio.io';
import type { PeerAuthenticationProps } from '../../../imports/peerauthentication-security.istio.io';
import { metadataOf } from '../../kit/identity';
import { addTypedObject } from '../../kit/operator-object';
import type { WorkloadRef } from '../../kit/workload-ref';
import { nameAtProxies } from '../certificate';

const apiVersion = 'security.istio.io/v1';

/** A service account, which a certificate of the mesh proves. */
interface Caller {
  readonly namespace: string;
  readonly serviceAccount: string;
}

export interface CallersProps {
  readonly hosts: readonly string[];
  readonly ingressNamespace: string;
  readonly gatewayLabels: Readonly<Record<string, string>>;
  readonly gatewayServiceAccount: string;
  /** Namespaces whose pods come past the ingress gateway. */
  readonly consumers: readonly string[];
  /** Whom the ingress gateway lets through to `/admin`; undefined where no way leads there. */
  readonly adminCidrs: readonly string[] | undefined;
  /** Prometheus; undefined where it has no certificate of the mesh. */
  readonly scraper: Caller | undefined;
}

/** Who may ask the pods, and for what. Whoever is not named here is refused by the pod's own proxy. */
export function addCallers(scope: Construct, workload: WorkloadRef, props: CallersProps): void {
  addPeerAuthentication(scope, workload, props);
  addWorkloadPolicy(scope, workload, props);
  if (props.adminCidrs !== undefined) addAdminPolicy(scope, workload, props, props.adminCidrs);
}

function addPeerAuthentication(scope: Construct, workload: WorkloadRef, { scraper }: CallersProps): void {
  addTypedObject<PeerAuthenticationProps>(
    scope,
    'peer-authentication',
    { apiVersion, kind: 'PeerAuthentication' },
    {
      metadata: metadataOf(workload),
      spec: {
        selector: { matchLabels: { ...workload.podLabels } },
        mtls: { mode: 'STRICT' },
        ...(scraper === undefined
          ? { portLevelMtls: { [String(workload.ports.admin.number)]: { mode: 'PERMISSIVE' as const } } }
          : {}),
      },
    },
  );
}

function addWorkloadPolicy(scope: Construct, workload: WorkloadRef, props: CallersProps): void {
  const { ports } = workload;
  const ingress: Caller = { namespace: props.ingressNamespace, serviceAccount: props.gatewayServiceAccount };
  const publicPort = String(ports.public.number);
  const adminPort = String(ports.admin.number);
  addTypedObject<AuthorizationPolicyProps>(
    scope,
    'callers',
    { apiVersion, kind: 'AuthorizationPolicy' },
    {
      metadata: metadataOf(workload),
      spec: {
        selector: { matchLabels: { ...workload.podLabels } },
        action: 'ALLOW',
        rules: [
          { from: from(ingress), to: [{ operation: { ports: [publicPort] } }] },
          ...(props.consumers.length === 0
            ? []
            : [
                {
                  from: [{ source: { namespaces: [...props.consumers] } }],
                  to: [{ operation: { ports: [publicPort] } }],
                },
              ]),
          {
            // A caller in plain text has no identity: the NetworkPolicy has seen to its namespace.
            ...(props.scraper === undefined ? {} : { from: from(props.scraper) }),
            to: [{ operation: { ports: [adminPort], methods: ['GET'], paths: [httpPaths.metrics] } }],
          },
          ...(props.adminCidrs === undefined
            ? []
            : [
                {
                  from: from(ingress),
                  to: [{ operation: { ports: [adminPort], paths: [`${adminPrefix}*`] } }],
                },
              ]),
        ],
      },
    },
  );
}

/**
 * At the ingress gateway, which is the last to see the client's connection. It looks at the address that it trusts itself
 * (`remoteIpBlocks`), never at a header as the client sent it. A denial: what others route there is left alone.
 */
function addAdminPolicy(
  scope: Construct,
  workload: WorkloadRef,
  { hosts, ingressNamespace, gatewayLabels }: CallersProps,
  cidrs: readonly string[],
): void {
  addTypedObject<AuthorizationPolicyProps>(
    scope,
    'admin-addresses',
    { apiVersion, kind: 'AuthorizationPolicy' },
    {
      metadata: {
        ...metadataOf(workload),
        name: `${nameAtProxies(workload)}-admin`,
        namespace: ingressNamespace,
      },
      spec: {
        selector: { matchLabels: { ...gatewayLabels } },
        action: 'DENY',
        rules: [
          {
            from: [{ source: { notRemoteIpBlocks: [...cidrs] } }],
            to: [
              {
                operation: {
                  // A client may write the port as well.
                  hosts: hosts.flatMap((host) => [host, `${host}:*`]),
                  paths: [`${adminPrefix}*`],
                },
              },
            ],
          },
        ],
      },
    },
  );
}

/** `cluster.local` stands for the trust domain of the mesh, whatever it is. */
function from({ namespace, serviceAccount }: Caller) {
  return [{ source: { principals: [`cluster.local/ns/${namespace}/sa/${serviceAccount}`] } }];
}
