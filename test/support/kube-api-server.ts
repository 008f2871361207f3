import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports';
import { startGuarded } from './guarded';
import { Kubectl } from './kubectl';
import { program } from './programs';
import { waitFor } from './wait';

export interface KubeApiServer {
  /** Speaks to it as an administrator. */
  readonly kubectl: Kubectl;
  /** Ends etcd and the API server, and removes all they wrote. */
  readonly stop: () => Promise<void>;
}

/**
 * Starts a real etcd and kube-apiserver on free loopback ports, with the built-in admission plugins on. No controller
 * runs: no pods appear for a Deployment, and a deleted namespace stays Terminating.
 *
 * @throws Error where one of them ends or is not ready after a minute, with what it logged.
 */
export async function startKubeApiServer(): Promise<KubeApiServer> {
  const directory = mkdtempSync(join(tmpdir(), 'kube-api-server-'));
  const file = (name: string) => join(directory, name);
  const [client, peer, api] = (await freePorts(3)) as [number, number, number];
  const etcdUrl = `http://127.0.0.1:${client}`;
  const apiUrl = `https://127.0.0.1:${api}`;
  const token = randomBytes(16).toString('hex');
  writeFileSync(file('tokens.csv'), `${token},admin,admin,system:masters\n`);
  writeFileSync(file('service-account.key'), rsaKey());
  writeFileSync(file('kubeconfig'), kubeconfig(apiUrl, file('apiserver.crt'), token));

  const servers = await startGuarded({
    directory,
    programs: [
      { command: [program('etcd'), ...etcdFlags(file('etcd'), etcdUrl, peer)], logFile: file('etcd.log') },
      {
        command: [program('kube-apiserver'), ...apiServerFlags(directory, etcdUrl, apiUrl, api)],
        logFile: file('kube-apiserver.log'),
      },
    ],
  });
  const kubectl = new Kubectl(file('kubeconfig'), file('kubectl-cache'));
  try {
    await waitFor(
      'the API server',
      async () => (await kubectl.run(['get', '--raw', '/readyz'])).exitCode === 0,
      60_000,
      () => servers.failure(),
    );
  } catch (error) {
    await servers.stop();
    throw error;
  }
  return { kubectl, stop: () => servers.stop() };
}

function etcdFlags(dataDirectory: string, clientUrl: string, peerPort: number): string[] {
  return [
    `--data-dir=${dataDirectory}`,
    '--unsafe-no-fsync',
    '--log-level=error',
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
  ];
}

function apiServerFlags(directory: string, etcdUrl: string, apiUrl: string, port: number): string[] {
  return [
    `--etcd-servers=${etcdUrl}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${directory}`,
    `--token-auth-file=${join(directory, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    `--service-account-issuer=${apiUrl}`,
    `--service-account-key-file=${join(directory, 'service-account.key')}`,
    `--service-account-signing-key-file=${join(directory, 'service-account.key')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // A privileged container must be refused by Pod Security and not, earlier, by this switch.
    '--allow-privileged',
    // It asks every pod for a service account that a controller would have made, and none runs here.
    '--disable-admission-plugins=ServiceAccount',
  ];
}

function rsaKey(): string {
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  return generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: pem,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
}

function kubeconfig(server: string, authority: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority': authority } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    users: [{ name: 'admin', user: { token } }],
  });
}
