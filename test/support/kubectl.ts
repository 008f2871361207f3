import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { program } from './programs';

export interface KubectlResult {
  readonly exitCode: number;
  readonly stdout: string;
  /** Also where kubectl repeats the warnings of the API server. */
  readonly stderr: string;
}

export interface RunningKubectl {
  /** Ends its standard input, after `input`, and waits for its end. */
  readonly finish: (input?: string) => Promise<KubectlResult>;
}

/** kubectl, bound to one cluster: never to the one that the environment of the tests happens to name. */
export class Kubectl {
  /**
   * @param kubeconfig Path of the cluster's kubeconfig, or several as KUBECONFIG lists them.
   * @param cacheDirectory Where kubectl remembers what kinds the cluster serves.
   */
  constructor(
    private readonly kubeconfig: string,
    private readonly cacheDirectory: string,
  ) {}

  async run(args: readonly string[], input = ''): Promise<KubectlResult> {
    return await this.start(args).finish(input);
  }

  /** For a command that goes on until its standard input ends. */
  start(args: readonly string[]): RunningKubectl {
    const child = spawn(program('kubectl'), [`--cache-dir=${this.cacheDirectory}`, ...args], {
      env: environment(this.kubeconfig),
      stdio: 'pipe',
    });
    // kubectl may refuse its arguments before it has read the manifest.
    child.stdin.on('error', () => undefined);
    const ended = Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit') as Promise<[number | null]>,
    ]);
    return {
      finish: async (input = '') => {
        child.stdin.end(input);
        const [stdout, stderr, [exitCode]] = await ended;
        return { exitCode: exitCode ?? -1, stdout, stderr };
      },
    };
  }

  /**
   * Runs what must succeed, and returns what it printed.
   *
   * @throws Error with kubectl's own words.
   */
  async mustRun(args: readonly string[], input = ''): Promise<string> {
    const { exitCode, stdout, stderr } = await this.run(args, input);
    if (exitCode !== 0) throw new Error(`kubectl ${args.join(' ')} ended with code ${exitCode}:\n${stderr}`);
    return stdout;
  }
}

function environment(kubeconfig: string): NodeJS.ProcessEnv {
  // A viewer set for a human's eyes would answer for `kubectl diff` in the place of the real comparison.
  return { ...process.env, KUBECONFIG: kubeconfig, KUBECTL_EXTERNAL_DIFF: undefined };
}
