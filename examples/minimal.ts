import { App, Chart } from 'cdk8s';
import { AiGateway } from '../charts';

const app = new App({ outdir: 'dist-example' });
new AiGateway(new Chart(app, 'search-ai'), 'gateway', {
  environment: 'staging',
  owner: 'team-search',
  image: {
    registry: 'registry.example.com',
    repository: 'api-gateway',
    tag: 'v2.1.0',
    digest: 'sha256:fae39eb1cfc73239f30a0e31682c4b788f6d37a19a839bc74c1c38d79ef9c471',
  },
  config: {
    version: 1,
    providers: [{ name: 'vllm', kind: 'openai', baseUrl: 'http://vllm.models.svc:8000/v1' }],
    models: [{ name: 'llama', targets: [{ provider: 'vllm', model: 'llama-3.3-70b' }] }],
  },
});
app.synth();
