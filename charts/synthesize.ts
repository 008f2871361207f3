import { App, type Chart } from 'cdk8s';
import { parseEnvironment } from './config/parse';
import type { PolicySettings } from './config/schema/policy-settings';
import type { EnvironmentInput } from './config/types';
import type { Manifest } from './policy/manifest';
import { reachOf } from './delivery/reach';
import { GatewayStack } from './stacks/gateway-stack';
import { GlobalStack } from './stacks/global-stack';
import { brokenPromises } from './promises/notes';
import { promiseReport, type PromiseReport } from './promises/report';
import { warningsOf } from './warnings';

/** The manifests of one folder of the output: those of one cluster. */
export interface ManifestFolder {
  /** The region's name, or `global`. */
  readonly name: string;
  readonly manifests: readonly Manifest[];
}

export interface SynthResult {
  /** The regions in the order of the input, then `global` where anything belongs to no region. */
  readonly folders: readonly ManifestFolder[];
  /** What whoever ran the synth should know, though nothing is wrong. */
  readonly warnings: readonly string[];
  /** What is promised, what it costs, and whether it can be kept. */
  readonly report: PromiseReport;
  /** By what the policy is to judge the manifests. */
  readonly policy: PolicySettings;
}

export interface SynthesizeOptions {
  /** What the environment was read from, for messages. Default: its name. */
  readonly subject?: string;
  /** The day by which exceptions expire. Default: today. */
  readonly today?: Date;
}

/**
 * All manifests of an environment, in memory. Nothing has judged them yet.
 *
 * @throws InvalidInput with everything that is wrong in the environment, at once.
 * @throws SynthError where the parts contradict each other.
 */
export function synthesize(input: EnvironmentInput, options: SynthesizeOptions = {}): SynthResult {
  const environment = parseEnvironment(input, options.subject ?? 'The environment');
  const folders = Object.values(environment.regions).map((region) =>
    folderOf(region.region, (app) => new GatewayStack(app, 'gateway', environment, region)),
  );
  if (GlobalStack.isNeeded(environment)) {
    const reach = (region: string) => reachOf(folders.find(({ name }) => name === region)?.manifests ?? []);
    folders.push(folderOf('global', (app) => new GlobalStack(app, 'global', environment, reach)));
  }
  const { exceptions, imageRegistries } = environment;
  const report = promiseReport(environment);
  return {
    folders,
    warnings: [...warningsOf(environment, options.today ?? new Date()), ...brokenPromises(report)],
    report,
    policy: { exceptions, imageRegistries },
  };
}

/** An App of its own for each folder: rendering one chart resolves every chart of its App again. */
function folderOf(name: string, build: (app: App) => Chart): ManifestFolder {
  const chart = build(new App({ recordConstructMetadata: false }));
  return { name, manifests: chart.toJson() as Manifest[] };
}
