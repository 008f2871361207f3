import { ApiObject, type Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { defineEnvironment } from '../../charts';
import { minimalProps } from './gateway-chart';

const sha256 = '0'.repeat(64);
export const environment = defineEnvironment({
  environment: 'blue',
  owner: 'team-platform',
  image: minimalProps.image,
  namespace: 'llm',
  host: 'llm.corp.net',
  network: { consumers: ['search'], ingressNamespace: 'edge' },
  regions: { only: { region: 'eu-west-1', replicas: 2, priority: 1 } },
  config: {
    version: 1,
    providers: [{ name: 'openai', kind: 'openai', baseUrl: 'https://api.openai.com/v1' }],
    models: [
      { name: 'small', targets: [{ provider: 'openai', model: 'gpt-4o-mini' }] },
      { name: 'large', targets: [{ provider: 'openai', model: 'gpt-4o' }] },
    ],
    tenants: [
      { name: 'search', keys: [{ sha256 }], models: ['small'] },
      { name: 'ads', keys: [{ sha256: '1'.repeat(64) }] },
    ],
  },
});

export const deployment = (chart: Chart, containers = ['app']): Deployment =>
  new Deployment(chart, 'indexer', {
    metadata: { name: 'indexer', namespace: 'search', labels: { owner: 'team-search' } },
    containers: containers.map((name) => ({ name, image: 'indexer:v7', envVariables: {} })),
  });

export const raw = (chart: Chart, container: object = {}, more: object = {}): ApiObject =>
  new ApiObject(chart, 'indexer', {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'indexer', namespace: 'search' },
    spec: {
      selector: { matchLabels: { app: 'indexer' } },
      template: {
        metadata: { labels: { app: 'indexer', more: 'labels' } },
        spec: { containers: [{ name: 'proxy' }, { name: 'app', ...container }], ...more },
      },
    },
  });

export const base = {
  environment,
  tenant: 'search',
  key: { existing: 'search-keys' },
  route: 'direct',
  egress: 'policies',
} as const;
