import { ApiObject } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { logsNamespace, type Bucket, type LogExport } from '../config/schema/backup';
import { destinationOfUrl } from '../kit/destinations';
import { dnsRule, egressRules } from '../kit/egress-rules';
import { metadataOf, type Identity } from '../kit/identity';
import { partLabel } from '../kit/part-label';
import type { WorkloadRef } from '../kit/workload-ref';
import { collectorConfig, collectorPaths } from './collector-config';

export interface LogCollectorProps {
  readonly workload: WorkloadRef;
  readonly region: string;
  readonly environment: string;
  readonly bucket: Bucket;
  readonly settings: LogExport;
}

const suffix = 'logs';
const part = partLabel(suffix);

/**
 * An OpenTelemetry Collector on each node, in a namespace of its own: it reads the files of the node, and no pod of the
 * gateway's namespace may.
 */
export class LogCollector extends Construct {
  constructor(scope: Construct, id: string, props: LogCollectorProps) {
    super(scope, id);
    const { workload, settings } = props;
    const identity = { ...workload, namespace: logsNamespace(workload.namespace) };
    new k8s.KubeNamespace(this, 'namespace', {
      metadata: {
        name: identity.namespace,
        // The standard that admits a folder of the node; what else it admits, the collector does not ask for.
        labels: { ...identity.labels, 'pod-security.kubernetes.io/enforce': 'privileged' },
      },
    });
    const metadata = metadataOf(identity, suffix);
    new k8s.KubeServiceAccount(this, 'account', {
      metadata: { ...metadata, annotations: { 'eks.amazonaws.com/role-arn': settings.roleArn } },
      automountServiceAccountToken: false,
    });
    this.openings(identity, settings);
    new ApiObject(this, 'collector', {
      apiVersion: 'opentelemetry.io/v1beta1',
      kind: 'OpenTelemetryCollector',
      // The operator hands these labels on to the pods.
      metadata: { ...metadata, labels: { ...metadata.labels, ...part } },
      spec: { ...podOf(metadata, settings), config: collectorConfig({ ...props, to: settings.to }) },
    });
  }

  private openings(identity: Identity, { to }: LogExport): void {
    const policyTypes = ['Ingress', 'Egress'];
    const url = 'loki' in to ? to.loki.url : to.elasticsearch.url;
    new k8s.KubeNetworkPolicy(this, 'default-deny', {
      metadata: metadataOf(identity, `${suffix}-default-deny`),
      spec: { podSelector: {}, policyTypes },
    });
    new k8s.KubeNetworkPolicy(this, 'openings', {
      metadata: metadataOf(identity, suffix),
      spec: {
        podSelector: { matchLabels: part },
        policyTypes,
        egress: [
          dnsRule(),
          // The bucket, and who turns the account's token into credentials.
          ...egressRules([destinationOfUrl(url, identity.namespace), { kind: 'outside', port: 443 }]),
        ],
      },
    });
  }
}

function podOf({ name, namespace }: ReturnType<typeof metadataOf>, { image, to }: LogExport) {
  const apiKey = 'elasticsearch' in to ? to.elasticsearch.apiKey : undefined;
  return {
    mode: 'daemonset',
    image,
    // Another version may read another configuration: it comes with a change of the image here.
    upgradeStrategy: 'none',
    serviceAccount: name,
    // A gateway may run on any node that it tolerates, a control plane's included.
    tolerations: [{ operator: 'Exists' }],
    resources: { requests: { cpu: '50m', memory: '128Mi' }, limits: { memory: '512Mi' } },
    podSecurityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    securityContext: {
      // The kubelet writes the files for root alone. Of root it needs that and no more.
      runAsUser: 0,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumes: [
      { name: 'pod-logs', hostPath: { path: collectorPaths.podLogs } },
      // On the node: in the pod, a new one would send everything a second time.
      {
        name: 'state',
        hostPath: { path: `${collectorPaths.state}/${namespace}`, type: 'DirectoryOrCreate' },
      },
      ...(apiKey === undefined
        ? []
        : [
            {
              name: 'secrets',
              secret: { secretName: apiKey.secret, items: [{ key: apiKey.key, path: apiKey.key }] },
            },
          ]),
    ],
    volumeMounts: [
      { name: 'pod-logs', mountPath: collectorPaths.podLogs, readOnly: true },
      { name: 'state', mountPath: collectorPaths.state },
      ...(apiKey === undefined
        ? []
        : [{ name: 'secrets', mountPath: collectorPaths.secrets, readOnly: true }]),
    ],
  };
}
