import { App, Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { defineEnvironment, GatewayConsumer } from '../charts';

// The platform team publishes this, as it deploys it.
export const staging = defineEnvironment({
  environment: 'staging',
  owner: 'team-platform',
  image: {
    registry: 'registry.example.com',
    repository: 'api-gateway',
    tag: 'v2.1.0',
    digest: `sha256:${'0'.repeat(64)}`,
  },
  network: { consumers: ['search'] },
  regions: { only: { region: 'us-east-1', replicas: 2, priority: 1 } },
  config: {
    version: 1,
    providers: [{ name: 'vllm', kind: 'openai', baseUrl: 'http://vllm.models.svc:8000/v1' }],
    models: [
      { name: 'llama', targets: [{ provider: 'vllm', model: 'llama-3.3-70b' }] },
      { name: 'embed', targets: [{ provider: 'vllm', model: 'bge-m3' }] },
    ],
    tenants: [{ name: 'search', keys: [{ sha256: '0'.repeat(64) }], models: ['llama'] }],
  },
});

// Another team's own app.
const app = new App({ outdir: 'dist-consumer' });
const chart = new Chart(app, 'search', { namespace: 'search' });
const workload = new Deployment(chart, 'indexer', {
  metadata: { name: 'indexer' },
  containers: [{ name: 'indexer', image: 'registry.example.com/search/indexer:v7' }],
});
new GatewayConsumer(chart, 'llm', {
  environment: staging,
  tenant: 'search', // another name does not compile
  models: { CHAT_MODEL: 'llama' }, // nor does a model that the tenant may not use
  workload,
  key: {
    externalSecrets: {
      aws: { region: 'us-east-1', roleArn: 'arn:aws:iam::123456789012:role/search-secrets' },
    },
  },
  route: 'direct',
  egress: 'policies',
});
app.synth();
