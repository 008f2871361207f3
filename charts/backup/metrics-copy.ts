import { ApiObject, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import type { MetricsBackup } from '../config/schema/backup';
import { destinationOfUrl } from '../kit/destinations';
import { dnsRule, egressRules, namespacePeer, policyPort } from '../kit/egress-rules';
import { metadataOf } from '../kit/identity';
import { partLabel } from '../kit/part-label';
import type { WorkloadRef } from '../kit/workload-ref';

export interface MetricsCopyProps {
  readonly workload: WorkloadRef;
  readonly region: string;
  readonly environment: string;
  /** Whose Prometheus may scrape the agent, to see whether it sends. */
  readonly monitoringNamespace: string;
  readonly settings: MetricsBackup;
}

const suffix = 'remote-write';
const part = partLabel(suffix);
/** Of the agent's own metrics: the port that the operator gives it. */
const agentPort = 9090;
/** The API server is reached by its Service's port or, after the translation, by its own. */
const apiServerPorts = [443, 6443];

/**
 * A Prometheus agent that scrapes this gateway alone and sends on what it sees. One of its own, because remote write is a
 * setting of a whole Prometheus, and that one belongs to others.
 */
export class MetricsCopy extends Construct {
  constructor(scope: Construct, id: string, props: MetricsCopyProps) {
    super(scope, id);
    const metadata = metadataOf(props.workload, suffix);
    this.account(metadata);
    this.agent(metadata, props);
    this.openings(metadata, props);
  }

  private account(metadata: ReturnType<typeof metadataOf>): void {
    new k8s.KubeServiceAccount(this, 'account', { metadata, automountServiceAccountToken: false });
    new k8s.KubeRole(this, 'role', {
      metadata,
      rules: [
        {
          apiGroups: [''],
          resources: ['services', 'endpoints', 'pods'],
          verbs: ['get', 'list', 'watch'],
        },
        {
          apiGroups: ['discovery.k8s.io'],
          resources: ['endpointslices'],
          verbs: ['get', 'list', 'watch'],
        },
      ],
    });
    new k8s.KubeRoleBinding(this, 'role-binding', {
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: metadata.name, namespace: metadata.namespace }],
    });
  }

  private agent(
    metadata: ReturnType<typeof metadataOf>,
    { workload, region, environment, settings: { url, bearerToken } }: MetricsCopyProps,
  ): void {
    const monitors = { matchLabels: { ...workload.podLabels } };
    new ApiObject(this, 'agent', {
      apiVersion: 'monitoring.coreos.com/v1alpha1',
      kind: 'PrometheusAgent',
      metadata,
      spec: {
        replicas: 1,
        // None of the labels that select the gateway: its Service would send requests here.
        podMetadata: { labels: part },
        serviceAccountName: metadata.name,
        // Without a namespace selector: in its own namespace only.
        serviceMonitorSelector: monitors,
        podMonitorSelector: monitors,
        serviceDiscoveryRole: 'EndpointSlice',
        // Two regions write to one place, and must be told apart there.
        externalLabels: { region, environment },
        remoteWrite: [
          {
            url,
            ...(bearerToken !== undefined && {
              authorization: { credentials: { name: bearerToken.secret, key: bearerToken.key } },
            }),
          },
        ],
        // What could not be sent yet, for about two hours.
        storage: { emptyDir: { sizeLimit: Size.gibibytes(2).asString() } },
        resources: { requests: { cpu: '100m', memory: '256Mi' }, limits: { memory: '512Mi' } },
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65_534,
          runAsGroup: 65_534,
          fsGroup: 65_534,
          seccompProfile: { type: 'RuntimeDefault' },
        },
      },
    });
  }

  private openings(
    metadata: ReturnType<typeof metadataOf>,
    { workload, monitoringNamespace, settings: { url } }: MetricsCopyProps,
  ): void {
    const agent = { matchLabels: part };
    const gateway = { matchLabels: { ...workload.podLabels } };
    const adminPort = policyPort(workload.ports.admin.number);
    new k8s.KubeNetworkPolicy(this, 'openings', {
      metadata,
      spec: {
        podSelector: agent,
        policyTypes: ['Ingress', 'Egress'],
        ingress: [{ from: [namespacePeer(monitoringNamespace)], ports: [policyPort(agentPort)] }],
        egress: [
          dnsRule(),
          { to: [{ podSelector: gateway }], ports: [adminPort] },
          ...egressRules([destinationOfUrl(url, workload.namespace)]),
          {
            // Its address is known to no manifest, and nearly always a private one.
            to: [{ ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.0.0/16'] } }],
            ports: apiServerPorts.map((port) => policyPort(port)),
          },
        ],
      },
    });
    new k8s.KubeNetworkPolicy(this, 'scrape', {
      metadata: metadataOf(workload, `${suffix}-scrape`),
      spec: {
        podSelector: gateway,
        policyTypes: ['Ingress'],
        ingress: [{ from: [{ podSelector: agent }], ports: [adminPort] }],
      },
    });
  }
}
