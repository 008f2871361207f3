import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { ArgoCdSettings } from '../config/schema/delivery';
import { metadataOf, type Identity } from '../kit/identity';
import { distinct, type Reach } from './reach';

/** On each Application, and what the steps choose by. */
const regionLabel = 'region';

/** A region as Argo CD sees it. */
export interface DeliveredRegion {
  /** Its name, and that of its folder. */
  readonly region: string;
  /** The name of its cluster. */
  readonly cluster: string;
  readonly reach: Reach;
}

export interface ArgoCdProps {
  /** Its namespace is that of Argo CD. */
  readonly identity: Identity;
  readonly settings: ArgoCdSettings;
  /** Where the gateway lives. */
  readonly namespace: string;
  /** In the order in which they are delivered. */
  readonly regions: readonly DeliveredRegion[];
}

/** Argo CD applies each region's folder to its cluster, one region after the other. */
export class ArgoCd extends Construct {
  constructor(scope: Construct, id: string, props: ArgoCdProps) {
    super(scope, id);
    const object = { apiVersion: 'argoproj.io/v1alpha1', metadata: metadataOf(props.identity) };
    new ApiObject(this, 'project', { ...object, kind: 'AppProject', spec: projectOf(props) });
    new ApiObject(this, 'applications', { ...object, kind: 'ApplicationSet', spec: applicationsOf(props) });
  }
}

/** Whoever may write to the repository gets no further than the synthesized objects do. */
function projectOf({ settings, regions }: ArgoCdProps): object {
  return {
    description: 'The AI gateway in all of its regions',
    sourceRepos: [settings.repository],
    destinations: regions.flatMap(({ cluster, reach: { namespaces } }) =>
      namespaces.map((namespace) => ({ name: cluster, namespace })),
    ),
    clusterResourceWhitelist: distinct(regions.flatMap(({ reach: { clusterKinds } }) => clusterKinds)),
  };
}

function applicationsOf({ identity, settings, namespace, regions }: ArgoCdProps): object {
  return {
    goTemplate: true,
    goTemplateOptions: ['missingkey=error'],
    generators: [{ list: { elements: regions.map(({ region, cluster }) => ({ region, cluster })) } }],
    strategy: {
      type: 'RollingSync',
      rollingSync: {
        steps: regions.map(({ region }) => ({
          matchExpressions: [{ key: regionLabel, operator: 'In', values: [region] }],
        })),
      },
    },
    // A region that left the list, or the whole set deleted by mistake, must not take a gateway that serves with it.
    syncPolicy: { applicationsSync: 'create-update', preserveResourcesOnDeletion: true },
    template: {
      metadata: {
        name: `${identity.name}-{{.region}}`,
        labels: { ...identity.labels, [regionLabel]: '{{.region}}' },
      },
      spec: {
        project: identity.name,
        source: {
          repoURL: settings.repository,
          targetRevision: settings.revision,
          path: `${settings.path}/{{.region}}`,
        },
        destination: { name: '{{.cluster}}', namespace },
        syncPolicy: {
          // The rolling sync starts each sync in the place of Argo CD's own, and asks only here whether it may prune.
          automated: { prune: true },
          // What `kubectl apply --server-side` does: fields that others own, like the replicas, stay theirs.
          syncOptions: ['ServerSideApply=true'],
          retry: { limit: 5, backoff: { duration: '10s', factor: 2, maxDuration: '3m' } },
        },
      },
    },
  };
}
