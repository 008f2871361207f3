// The architecture as rules. Each says what breaks when it is broken; `npm test` runs them.
const app = '^gateway-app/src/';
const stages = 'auth|limit|cache|route|upstream|meter|audit';
const rooms =
  'workload|autoscaling|network|entry|monitoring|security|secrets|supply-chain|backup|logging|regions|failover|delivery';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other are one file, or miss a third: neither can be understood or tested alone.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'gateway-app-stands-alone',
      comment:
        'The image is built from gateway-app only: an import from outside it would be missing in the cluster.',
      severity: 'error',
      from: { path: '^gateway-app/' },
      to: { path: '^(charts|imports|test|bench|examples)/' },
    },
    {
      name: 'contract-imports-nothing-of-ours',
      comment:
        'Both halves import the contract; were it to import one of them, that half would reach the other.',
      severity: 'error',
      from: { path: '^gateway-app/contract/' },
      to: { path: '^(gateway-app/src|charts|imports|test)/' },
    },
    {
      name: 'charts-see-the-contract-only',
      comment:
        'What the manifests need to know of the program is agreed in the contract; its insides may change freely.',
      severity: 'error',
      from: { path: '^charts/' },
      to: { path: '^gateway-app/', pathNot: '^gateway-app/contract/' },
    },
    {
      name: 'rooms-do-not-know-each-other',
      comment:
        'A stack hands each room a WorkloadRef. A room that reaches into its neighbour cannot be replaced by type.',
      severity: 'error',
      from: { path: `^charts/(${rooms})/` },
      to: { path: `^charts/(${rooms}|stacks|policy)/`, pathNot: '^charts/$1/' },
    },
    {
      name: 'kit-is-below-the-rooms',
      comment: 'kit -> config -> contract: a helper that knows a room is part of that room.',
      severity: 'error',
      from: { path: '^charts/kit/' },
      to: { path: '^charts/', pathNot: '^charts/(kit|config)/' },
    },
    {
      name: 'config-is-the-ground-floor',
      comment:
        'Input types import no construct: they must stay readable, and loadable by tools that synthesize nothing.',
      severity: 'error',
      from: { path: '^charts/config/' },
      to: { path: '^(charts/(?!config/)|imports/)' },
    },
    {
      name: 'policy-reads-finished-manifests',
      comment:
        'A check that imports a construct would judge our intent and not the YAML, and be blind to foreign manifests.',
      severity: 'error',
      from: { path: '^charts/policy/' },
      to: { path: '^(charts/(?!policy/|config/)|imports/)' },
    },
    {
      name: 'no-inner-barrel',
      comment:
        'charts/index.ts is for app teams: an import of it from inside would tie every room to every other.',
      severity: 'error',
      from: { path: '^charts/' },
      to: { path: '^charts/index\\.ts$' },
    },
    {
      name: 'stages-share-only-the-core',
      comment:
        'Stages meet in the pipeline. One that calls a sibling hides an order that the pipeline no longer shows.',
      severity: 'error',
      from: { path: `${app}(${stages})/` },
      to: { path: `${app}(${stages}|http|pipeline)/`, pathNot: `${app}$1/` },
    },
    {
      name: 'core-imports-the-contract-only',
      comment: 'Everything rests on core: what it imports, everything imports.',
      severity: 'error',
      from: { path: `${app}core/` },
      to: { path: `${app}(?!core/)` },
    },
    {
      name: 'leaves-stay-below-the-stages',
      comment:
        'providers, stores, telemetry and config serve the stages, and must be testable without a pipeline.',
      severity: 'error',
      from: { path: `${app}(providers|stores|telemetry|config)/` },
      to: { path: `${app}(${stages}|http|pipeline)/` },
    },
    {
      name: 'no-development-packages-in-the-product',
      comment: 'It works here and fails for whoever installs the package or runs the image.',
      severity: 'error',
      from: { path: '^(charts|gateway-app)/' },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        pathNot: 'node_modules/(cdk8s|cdk8s-plus-28|constructs)/',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    combinedDependencies: true,
  },
};
