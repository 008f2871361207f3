import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { Scrape, synthesize } from '../../charts';
import production from '../../charts/config/environments/production';
import { describeWith } from '../support/programs';
import { promtool, type PromtoolResult } from '../support/promtool';

interface ScrapeConfig {
  readonly job_name: string;
  readonly scrape_interval: string;
  readonly kubernetes_sd_configs: readonly object[];
}

type Labels = Readonly<Record<string, string>>;

/** What Kubernetes' discovery says of a port of a pod. */
const pod = (name: string, labels: Labels = {}): Labels => ({
  __address__: `${name}:9090`,
  __meta_kubernetes_namespace: 'ai-gateway',
  __meta_kubernetes_pod_name: name,
  __meta_kubernetes_pod_phase: 'Running',
  __meta_kubernetes_pod_container_name: 'gateway',
  __meta_kubernetes_pod_container_port_name: 'http-admin',
  __meta_kubernetes_pod_label_app_kubernetes_io_name: 'ai-gateway',
  __meta_kubernetes_pod_label_app_kubernetes_io_instance: 'ai-gateway',
  ...labels,
});

describeWith(['promtool'], 'The files for a Prometheus without the operator', () => {
  const { alerting: _operatorOnly, ...monitoring } = production.monitoring ?? {};
  const { folders } = synthesize({ ...production, monitoring: { ...monitoring, scrape: Scrape.plain() } });
  const { data } = folders[0]!.manifests.find(
    ({ kind, metadata }) =>
      kind === 'ConfigMap' && (metadata as { name: string }).name.endsWith('-prometheus'),
  ) as unknown as { data: Record<'scrape.yaml' | 'rules.yaml', string> };
  const [scrape, ...others] = (parse(data['scrape.yaml']) as { scrape_configs: ScrapeConfig[] })
    .scrape_configs;
  const { kubernetes_sd_configs: discovery, ...rest } = scrape!;

  /** With pods that are told: not every promtool is built with the discovery of Kubernetes. */
  const judged = async (
    changes: object,
    pods: readonly Labels[],
    args: (file: string) => readonly string[],
  ): Promise<PromtoolResult> => {
    const directory = mkdtempSync(join(tmpdir(), 'plain-'));
    try {
      writeFileSync(join(directory, 'rules.yaml'), data['rules.yaml']);
      const targets = pods.map(({ __address__: address, ...labels }) => ({ targets: [address], labels }));
      const file = join(directory, 'prometheus.yaml');
      const scrape_configs = [{ ...rest, ...changes, static_configs: targets }];
      // As `scrape_config_files` would read it, which Prometheus has since 2.43.
      writeFileSync(file, stringify({ rule_files: ['rules.yaml'], scrape_configs }));
      return await promtool(args(file));
    } finally {
      rmSync(directory, { recursive: true });
    }
  };

  it('look for pods in the namespace of the gateway alone', () => {
    expect(others).toEqual([]);
    expect(discovery).toEqual([{ role: 'pod', namespaces: { names: ['ai-gateway'] } }]);
  });

  it('are right in the eyes of promtool', async () => {
    const { exitCode, output } = await judged({}, [], (file) => ['check', 'config', file]);
    expect(output).toMatch(/SUCCESS: .* is valid prometheus config file syntax/);
    expect(output).toMatch(/SUCCESS: \d+ rules found/);
    expect(exitCode).toBe(0);
  });

  it('would not be, with a time that is none', async () => {
    const { exitCode } = await judged({ scrape_interval: '15' }, [], (file) => ['check', 'config', file]);
    expect(exitCode).not.toBe(0);
  });

  it('take the admin port of each pod that runs, and give it the labels of the rules', async () => {
    const pods = [
      pod('right'),
      pod('other-port', { __meta_kubernetes_pod_container_port_name: 'http' }),
      pod('other-gateway', { __meta_kubernetes_pod_label_app_kubernetes_io_instance: 'edge' }),
      pod('ended', { __meta_kubernetes_pod_phase: 'Succeeded' }),
    ];
    const { output } = await judged({}, pods, (file) => [
      'check',
      'service-discovery',
      '--timeout=1s',
      file,
      rest.job_name,
    ]);
    const found = JSON.parse(output) as { labels: Labels }[];
    expect(found).toHaveLength(4);
    expect(found.map(({ labels }) => labels).filter((labels) => Object.keys(labels).length > 0)).toEqual([
      expect.objectContaining({
        __address__: 'right:9090',
        __metrics_path__: '/metrics',
        namespace: 'ai-gateway',
        job: 'ai-gateway',
        region: 'us-east-1',
        pod: 'right',
        container: 'gateway',
      }),
    ]);
  });
});
