/**
 * The manifests, judged by a real API server.
 *
 * Each folder goes to a server of its own, as each region is a cluster of its own: etcd and kube-apiserver are started
 * from the folder that KUBEBUILDER_ASSETS names, on free loopback ports, and removed at the end.
 *
 * `KUBECONFIG=... npm run test:cluster`, and only this command, uses the cluster of KUBECONFIG instead. It needs
 * administrator rights there, installs the CRDs that are missing, refuses to start where an object of the folder exists
 * already (the namespace is one of them), and removes what it made.
 */
import { type Cluster, clusterPrograms, openCluster } from '../support/cluster';
import type { KubectlResult } from '../support/kubectl';
import { addMissingNamespaces } from '../support/missing-namespaces';
import { describeWith } from '../support/programs';
import {
  type Folder,
  type Manifest,
  referenceFolders,
  writeFolder,
  type WrittenFolder,
} from '../support/reference-manifests';

interface Applied {
  readonly result: KubectlResult;
  /** Every object with its resource version, which moves with each change that the server stores. */
  readonly versions: readonly string[];
}

const apply = ['apply', '--server-side', '--validate=strict'];
const succeeded = { exitCode: 0, stderr: '' };

describeWith(clusterPrograms, 'An API server', () => {
  const folders = referenceFolders();

  it('is given a workload for each region', () => {
    const having = folders.filter((folder) => podsOf(folder).length > 0);
    expect(having.map(({ name }) => name)).toEqual(['us-east-1', 'us-west-2']);
  });

  describe.each(folders)('given the folder $name', (folder) => {
    const cleanUps: (() => void | Promise<void>)[] = [];
    let files: WrittenFolder;
    let cluster: Cluster;
    let first: Applied;
    let second: Applied;

    const applyFolder = async (): Promise<Applied> => ({
      result: await cluster.kubectl.run([...apply, '-f', files.path]),
      versions: versionsIn(await cluster.kubectl.mustRun(['get', '-f', files.path, '--output=json'])),
    });

    const createInDryRun = (manifest: string) =>
      cluster.kubectl.run(['create', '--dry-run=server', '-f', '-'], manifest);

    beforeAll(async () => {
      files = writeFolder(folder);
      cleanUps.push(files.remove);
      cluster = await openCluster(files.path);
      cleanUps.push(cluster.release, await addMissingNamespaces(cluster.kubectl, folder));
      first = await applyFolder();
      second = await applyFolder();
    }, 120_000);
    afterAll(async () => {
      for (const cleanUp of cleanUps.reverse()) await cleanUp();
    }, 300_000);

    it('accepts all of it at the first try, without a warning', () => {
      expect(first.result).toMatchObject(succeeded);
      expect(first.versions).toHaveLength(folder.manifests.length);
    });

    it('stores nothing new when the same is applied again', () => {
      expect(second.result).toMatchObject(succeeded);
      expect(second.versions).toEqual(first.versions);
    });

    it('sees no difference between the files and what it holds', async () => {
      const diff = await cluster.kubectl.run(['diff', '--server-side', '-f', files.path]);
      expect(diff).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    });

    it.each(folder.manifests.map((manifest) => [manifest.kind, manifest] as const))(
      'refuses a %s with a field that does not exist',
      async (_kind, manifest) => {
        const misspelt = JSON.stringify({ ...manifest, ...withUnknownField(manifest) });
        const { exitCode, stderr } = await cluster.kubectl.run(
          [...apply, '--dry-run=server', '-f', '-'],
          misspelt,
        );
        expect(stderr).toMatch(/unknown field|field not declared in schema/);
        expect(exitCode).not.toBe(0);
      },
    );

    const pods = podsOf(folder);
    if (pods.length > 0) {
      it.each(pods)('admits the pods of $owner where Pod Security is enforced', async (owned) => {
        const created = await createInDryRun(podManifest(owned));
        expect(created).toMatchObject(succeeded);
      });

      it.each(pods.flatMap(forbiddenVariants))('refuses the pods of $owner with $what', async (owned) => {
        const created = await createInDryRun(podManifest(owned));
        expect(created.stderr).toContain('violates PodSecurity "restricted');
        expect(created.exitCode).not.toBe(0);
      });
    }
  });
});

function versionsIn(json: string): string[] {
  // kubectl lists several objects, and prints a single one as itself.
  const answer = JSON.parse(json) as Manifest & { readonly items?: readonly Manifest[] };
  return (answer.items ?? [answer]).map(
    ({ kind, metadata }) =>
      `${kind} ${metadata.namespace ?? ''}/${metadata.name} ${metadata.resourceVersion ?? ''}`,
  );
}

function withUnknownField({ spec }: Manifest): object {
  return spec === undefined ? { noSuchField: true } : { spec: { ...spec, noSuchField: true } };
}

interface Template {
  readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly securityContext?: object }[] };
}

interface OwnedPod {
  readonly owner: string;
  readonly namespace: string;
  readonly template: Template;
}

/** No controller runs that would make pods of the templates: the tests ask for one pod of each. */
function podsOf(folder: Folder): OwnedPod[] {
  return folder.manifests.flatMap(({ kind, metadata, spec }) => {
    const { template } = (spec ?? {}) as { readonly template?: Template | { readonly spec?: undefined } };
    // A schedule of backups has a template too, of no pods.
    if (template?.spec === undefined) return [];
    return [{ owner: `${kind} ${metadata.name}`, namespace: metadata.namespace ?? 'default', template }];
  });
}

function podManifest({ namespace, template }: OwnedPod): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: 'judged', namespace },
    spec: template.spec,
  });
}

/** What would get by if the namespace enforced nothing. */
function forbiddenVariants(owned: OwnedPod): (OwnedPod & { readonly what: string })[] {
  const variant = (what: string, spec: object) => ({
    ...owned,
    what,
    template: { ...owned.template, spec: { ...owned.template.spec, ...spec } },
  });
  const withSecurity = (context: object) => ({
    containers: owned.template.spec.containers.map((container) => ({
      ...container,
      securityContext: { ...container.securityContext, ...context },
    })),
  });
  return [
    variant('a privileged container', withSecurity({ privileged: true, allowPrivilegeEscalation: true })),
    variant('the user root', withSecurity({ runAsUser: 0 })),
    variant("the node's network", { hostNetwork: true }),
  ];
}
