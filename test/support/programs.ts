import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

interface Wanted {
  readonly from: string;
  readonly hint: string;
  /** Of the file. Absent: as it is called here. */
  readonly names?: readonly string[];
}

/** What a suite needs and a bare machine may lack, with how to get it. */
const programs = {
  promtool: { from: 'PATH', hint: 'comes with Prometheus' },
  prometheus: { from: 'PATH', hint: 'comes with Prometheus' },
  alertmanager: {
    from: 'PATH',
    hint: 'Alertmanager, `prometheus-alertmanager` in Debian',
    // Debian gave its program the name of the package.
    names: ['alertmanager', 'prometheus-alertmanager'],
  },
  amtool: { from: 'PATH', hint: 'comes with Alertmanager' },
  otelcol: { from: 'PATH', hint: 'an OpenTelemetry Collector, .ci/build-collector builds one' },
  actionlint: { from: 'PATH', hint: 'go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12' },
  crane: { from: 'PATH', hint: 'go install github.com/google/go-containerregistry/cmd/crane@v0.22.1' },
  cosign: { from: 'PATH', hint: 'go install github.com/sigstore/cosign/v3/cmd/cosign@v3.1.3' },
  'redis-server': { from: 'PATH', hint: 'comes with Redis' },
  openssl: { from: 'PATH', hint: 'comes with OpenSSL' },
  podman: { from: 'PATH', hint: 'a container engine, podman or docker' },
  docker: { from: 'PATH', hint: 'a container engine, podman or docker' },
  runc: { from: 'PATH', hint: 'comes with container engines' },
  'kube-apiserver': {
    from: 'KUBEBUILDER_ASSETS',
    hint: 'set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl',
  },
  etcd: {
    from: 'KUBEBUILDER_ASSETS',
    hint: 'set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl',
  },
  kubectl: {
    from: 'KUBEBUILDER_ASSETS, PATH',
    hint: 'set KUBEBUILDER_ASSETS to a folder with etcd, kube-apiserver and kubectl',
  },
} as const satisfies Record<string, Wanted>;

export type Program = keyof typeof programs;

/** The program's absolute path, or undefined where it is missing. */
export function findProgram(name: Program): string | undefined {
  const { from, names = [name] }: Wanted = programs[name];
  return from
    .split(', ')
    .flatMap((variable) => (process.env[variable] ?? '').split(delimiter))
    .filter((folder) => folder !== '')
    .flatMap((folder) => names.map((candidate) => join(folder, candidate)))
    .find(isExecutable);
}

/**
 * The path of a program that `describeWith` has found before.
 *
 * @throws Error where it is missing.
 */
export function program(name: Program): string {
  const path = findProgram(name);
  if (path === undefined) throw new Error(`${name} is missing: ${programs[name].hint}`);
  return path;
}

/**
 * A suite judged by real programs. Where one is missing the suite is skipped, and one line on standard error says so;
 * with `REQUIRE_ALL=1` it fails instead, so that CI can't turn green by lacking its judges.
 */
export function describeWith(needed: readonly Program[], name: string, suite: () => void): void {
  const missing = needed.filter((program) => findProgram(program) === undefined);
  if (missing.length === 0) {
    describe(name, suite);
    return;
  }
  const hints = [...new Set(missing.map((program) => programs[program].hint))];
  const why = `${missing.join(', ')} (${hints.join('; ')})`;
  if (process.env['REQUIRE_ALL'] === '1') {
    describe(name, () => {
      it('has the programs it needs', () => {
        throw new Error(`REQUIRE_ALL=1, but missing: ${why}`);
      });
    });
    return;
  }
  process.stderr.write(`SKIPPED ${name}: missing ${why}\n`);
  describe.skip(name, suite);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
