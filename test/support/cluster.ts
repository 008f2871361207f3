import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startKubeApiServer } from './kube-api-server';
import { Kubectl } from './kubectl';
import type { Program } from './programs';

const foreignCommands = ['test:cluster', 'test:e2e'];

/**
 * The cluster that KUBECONFIG names is touched only by the commands that say so. A plain `npm test` starts a server of
 * its own: whoever runs it may have a production cluster in that variable.
 */
export const foreignKubeconfig = foreignCommands.includes(process.env['npm_lifecycle_event'] ?? '')
  ? process.env['KUBECONFIG']
  : undefined;

/** The programs without which there is no cluster. */
export const clusterPrograms: readonly Program[] =
  foreignKubeconfig === undefined ? ['etcd', 'kube-apiserver', 'kubectl'] : ['kubectl'];

const crdsDirectory = resolve(__dirname, '../../imports/crds');

/** A cluster for one folder of manifests, with the CRDs of this project installed. */
export interface Cluster {
  readonly kubectl: Kubectl;
  /** Afterwards everything that was made is gone: the server itself, or in a foreign cluster the objects. */
  readonly release: () => Promise<void>;
}

/**
 * @param folder The manifests that will be applied.
 * @throws Error where a foreign cluster holds one of these objects already, which is not ours to change.
 */
export async function openCluster(folder: string): Promise<Cluster> {
  return foreignKubeconfig === undefined ? await openOwn() : await openForeign(foreignKubeconfig, folder);
}

async function openOwn(): Promise<Cluster> {
  const { kubectl, stop } = await startKubeApiServer();
  try {
    await installCrds(kubectl, ['-f', crdsDirectory]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { kubectl, release: stop };
}

async function openForeign(kubeconfig: string, folder: string): Promise<Cluster> {
  const scratch = mkdtempSync(join(tmpdir(), 'kubectl-'));
  const kubectl = new Kubectl(kubeconfig, scratch);
  /** What was made, to be removed from the last to the first. */
  const made: string[][] = [];
  const release = async (): Promise<void> => {
    try {
      for (const files of made.reverse()) {
        await kubectl.mustRun(['delete', ...files, '--ignore-not-found', '--timeout=120s']);
      }
    } finally {
      rmSync(scratch, { recursive: true });
    }
  };
  try {
    const crds = await missingCrds(kubectl);
    if (crds.length > 0) {
      made.push(crds);
      await installCrds(kubectl, crds);
    }
    const present = await kubectl.mustRun(['get', '-f', folder, '--ignore-not-found', '--output=name']);
    if (present !== '') throw new Error(refusal(present));
    made.push(['-f', folder]);
  } catch (error) {
    await release();
    throw error;
  }
  return { kubectl, release };
}

const refusal = (present: string): string =>
  'The cluster of KUBECONFIG holds objects that the test would apply. They are left as they are, and nothing was ' +
  `tested. Use an empty cluster, or unset KUBECONFIG for a server of the test's own. Found:\n${present}`;

async function missingCrds(kubectl: Kubectl): Promise<string[]> {
  const files = readdirSync(crdsDirectory).filter((file) => file.endsWith('.yaml'));
  const missing: string[] = [];
  for (const file of files.map((name) => join(crdsDirectory, name))) {
    const found = await kubectl.mustRun(['get', '-f', file, '--ignore-not-found', '--output=name']);
    if (found === '') missing.push('-f', file);
  }
  return missing;
}

async function installCrds(kubectl: Kubectl, files: readonly string[]): Promise<void> {
  await kubectl.mustRun(['apply', '--server-side', ...files]);
  // An object of a kind that is not served yet is refused as unknown.
  await kubectl.mustRun(['wait', '--for=condition=Established', '--timeout=60s', ...files]);
}
