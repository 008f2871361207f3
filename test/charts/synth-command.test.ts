import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import production from '../../charts/config/environments/production';
import { notesOf } from '../../charts/promises/notes';
import { synthesize } from '../../charts/synthesize';
import { contents, npmRunSynth, root, type Run } from './run-synth';

/** The real process; what can be shown without one is in `write.test.ts` and `load-environment.test.ts`. */
describe('npm run synth', () => {
  let folder: string;
  let out: string;
  let first: Run;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'synth-'));
    out = join(folder, 'out');
    first = npmRunSynth(['--out', out], { TZ: 'UTC', LC_ALL: 'C' });
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('prints what is where and what the objectives allow, and warns', () => {
    expect(first.stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['region', 'objects', 'where'],
      ...synthesize(production).folders.map(({ name, manifests }) => [
        name,
        String(manifests.length),
        expect.stringMatching(new RegExp(`out/${name}$`)) as string,
      ]),
      ...notesOf(synthesize(production).report).map((note) => [note]),
      [''],
    ]);
    expect(first.stderr).toMatch(
      /^warning: exception image-unreleased.*\nwarning: exception memory-.*\nwarning: exception pod-security-enforced.*\nwarning: no tenants.*\n(warning: .*\n)+$/,
    );
    expect(first.status).toBe(0);
  });

  it('writes one file per object', () => {
    for (const { name, manifests } of synthesize(production).folders) {
      const files = Object.values(contents(join(out, name))).map((text) => parseAllDocuments(text));
      expect(files.map((documents) => documents.length)).toEqual(manifests.map(() => 1));
      expect(files.map(([document]) => JSON.stringify(document!.toJS())).sort()).toEqual(
        manifests.map((manifest) => JSON.stringify(manifest)).sort(),
      );
    }
  });

  it('orders the files so that what others need is applied first', () => {
    expect(readdirSync(join(out, 'us-west-2')).sort()).toEqual([
      '00-namespace-ai-gateway-logs.yaml',
      '00-namespace-ai-gateway.yaml',
      '10-priorityclass-ai-gateway.yaml',
      '10-serviceaccount-ai-gateway-backup.yaml',
      '10-serviceaccount-ai-gateway-logs.yaml',
      '10-serviceaccount-ai-gateway-remote-write.yaml',
      '10-serviceaccount-ai-gateway-secrets.yaml',
      '10-serviceaccount-ai-gateway.yaml',
      '20-configmap-ai-gateway-dashboard-overview.yaml',
      '20-configmap-ai-gateway-dashboard-providers.yaml',
      '20-configmap-ai-gateway-dashboard-saturation.yaml',
      '20-configmap-ai-gateway-dashboard-tenants.yaml',
      '20-configmap-ai-gateway-dashboard-traffic.yaml',
      '20-configmap-ai-gateway.yaml',
      '20-secretstore-ai-gateway-backup.yaml',
      '20-secretstore-ai-gateway-secrets.yaml',
      '21-externalsecret-ai-gateway-secrets.yaml',
      '30-authorizationpolicy-ai-gateway.yaml',
      '30-networkpolicy-ai-gateway-default-deny.yaml',
      '30-networkpolicy-ai-gateway-logs-default-deny.yaml',
      '30-networkpolicy-ai-gateway-logs.yaml',
      '30-networkpolicy-ai-gateway-remote-write-scrape.yaml',
      '30-networkpolicy-ai-gateway-remote-write.yaml',
      '30-networkpolicy-ai-gateway.yaml',
      '30-peerauthentication-ai-gateway.yaml',
      '30-serviceentry-ai-gateway-api.openai.com.yaml',
      '30-sidecar-ai-gateway.yaml',
      '40-service-ai-gateway.yaml',
      '50-deployment-ai-gateway.yaml',
      '60-alertmanagerconfig-ai-gateway.yaml',
      '60-backupstoragelocation-ai-gateway-us-east-1.yaml',
      '60-backupstoragelocation-ai-gateway-us-west-2.yaml',
      '60-certificate-ai-gateway.yaml',
      '60-destinationrule-ai-gateway.yaml',
      '60-gateway-ai-gateway.yaml',
      '60-horizontalpodautoscaler-ai-gateway.yaml',
      '60-opentelemetrycollector-ai-gateway-logs.yaml',
      '60-poddisruptionbudget-ai-gateway.yaml',
      '60-prometheusagent-ai-gateway-remote-write.yaml',
      '60-prometheusrule-ai-gateway.yaml',
      '60-pushsecret-ai-gateway-backup.yaml',
      '60-role-ai-gateway-remote-write.yaml',
      '60-rolebinding-ai-gateway-remote-write.yaml',
      '60-schedule-ai-gateway.yaml',
      '60-servicemonitor-ai-gateway.yaml',
      '60-virtualservice-ai-gateway.yaml',
    ]);
  });

  it('writes the same bytes again, in another time zone and language', () => {
    const other = join(folder, 'other');
    const elsewhere = { TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' };
    expect(npmRunSynth(['--out', other], elsewhere).status).toBe(0);
    expect(contents(other)).toEqual(contents(out));
  });

  it.each([
    {
      what: 'wrong fields',
      change: `{ regions: { ...production.regions, secondary: { region: 'us-east-1', replicas: 99, priority: 1 } } }`,
      message:
        /environment\.ts is not valid \(2 problems\)\. No manifest is written\.\n {2}regions\.secondary\.region: found "us-east-1"\..*\n {2}regions\.secondary\.replicas: found 99\./,
    },
    {
      what: 'a quantity that no unit type takes',
      change: `{ resources: { memory: { request: Size.mebibytes(-512) } } }`,
      message: /environment\.ts:3:\d+ could not be evaluated: .*negative.*-512\. No manifest is written\./,
    },
  ])('fails at $what with one message, and leaves the output as it was', ({ change, message }) => {
    const before = contents(out);
    const environment = join(folder, 'environment.ts');
    writeFileSync(
      environment,
      [
        `import production from '${join(root, 'charts', 'config', 'environments', 'production')}';`,
        `import { Size } from '${join(root, 'node_modules', 'cdk8s')}';`,
        `export default { ...production, ...${change} };`,
      ].join('\n'),
    );
    const { status, stdout, stderr } = npmRunSynth(['--environment', environment, '--out', out]);
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(contents(out)).toEqual(before);
  });

  it('refuses an option that it does not know', () => {
    const { status, stderr } = npmRunSynth(['--outt', 'x']);
    expect(stderr).toMatch(/--outt.*npm run synth -- \[--environment/);
    expect(status).toBe(1);
  });
});
