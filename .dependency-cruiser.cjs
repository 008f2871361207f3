// The architecture as rules. Each says what breaks when it is broken; `npm test` runs them, and proves that each can fail.
const app = '^gateway-app/src/';
const stages = 'auth|limit|cache|route|upstream|meter|audit|trace';
const leaves = 'providers|stores|telemetry|config';

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
      name: 'no-unresolvable-import',
      comment: 'An import that this tool cannot follow would slip through every other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'gateway-app-stands-alone',
      comment:
        'The image is built from gateway-app only: an import from outside it would be missing in the cluster.',
      severity: 'error',
      from: { path: '^gateway-app/' },
      to: { dependencyTypes: ['local'], pathNot: '^gateway-app/' },
    },
    {
      name: 'contract-imports-nothing-of-ours',
      comment:
        'Both halves import the contract; were it to import one of them, that half would reach the other.',
      severity: 'error',
      from: { path: '^gateway-app/contract/' },
      to: { dependencyTypes: ['local'], pathNot: '^gateway-app/contract/' },
    },
    {
      name: 'charts-see-the-contract-only',
      comment:
        'What the manifests need to know of the program is agreed in the contract; its insides, the tests and the examples may change freely.',
      severity: 'error',
      from: { path: '^charts/' },
      to: { dependencyTypes: ['local'], pathNot: '^(charts|imports|gateway-app/contract)/' },
    },
    {
      name: 'rooms-do-not-know-each-other',
      comment:
        'A stack hands each room a WorkloadRef. A room that reaches into its neighbour cannot be replaced by type.',
      severity: 'error',
      // Every folder but those with a rule of their own, so that a new room is bound from its first file on.
      from: { path: '^charts/(?!config/|kit/|policy/|stacks/|output/)([^/]+)/' },
      to: { path: '^charts/', pathNot: '^charts/($1|kit|config)/' },
    },
    {
      name: 'stacks-compose-rooms',
      comment: 'main -> stacks -> rooms: a stack that judges or writes its output is no longer a part.',
      severity: 'error',
      from: { path: '^charts/stacks/' },
      to: { path: '^charts/(policy/|output/|[^/]+$)' },
    },
    {
      name: 'output-knows-no-construct',
      comment: 'It writes what it is given: whoever made the manifests, the same names and the same safety.',
      severity: 'error',
      from: { path: '^charts/output/' },
      to: { path: '^charts/', pathNot: '^charts/((output|policy|kit|config)/|synthesize\\.ts$)' },
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
      name: 'app-and-main-are-on-top',
      comment: 'main -> app -> http -> pipeline: what app.ts puts together cannot also need it.',
      severity: 'error',
      from: { path: `${app}[^/]+/` },
      to: { path: `${app}[^/]+$` },
    },
    {
      name: 'pipeline-knows-no-listener',
      comment: 'The order of the stages must be testable without a socket, and serve any listener.',
      severity: 'error',
      from: { path: `${app}pipeline/` },
      to: { path: `${app}http/` },
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
      name: 'leaves-stay-below-the-stages',
      comment:
        'providers, stores, telemetry and config serve the stages, and must be testable without a pipeline.',
      severity: 'error',
      from: { path: `${app}(${leaves})/` },
      to: { path: `${app}(${stages}|http|pipeline)/` },
    },
    {
      name: 'core-imports-the-contract-only',
      comment: 'Everything rests on core: what it imports, everything imports.',
      severity: 'error',
      from: { path: `${app}core/` },
      to: { path: `${app}(?!core/)` },
    },
    {
      name: 'no-development-packages-in-the-product',
      comment: 'It works here and fails for whoever installs the package or runs the image.',
      severity: 'error',
      from: {
        path: '^(charts|gateway-app)/',
        // These two run in a checkout only: one loads the policy for cdk8s-cli, the other bundles the image.
        pathNot: '^(charts/policy/index\\.js|gateway-app/bundle\\.mjs)$',
      },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'],
        // An app team brings its own cdk8s; the gateway must do without.
        pathNot: 'node_modules/(cdk8s|cdk8s-cli|cdk8s-plus-28|constructs)/',
      },
    },
    {
      name: 'no-cdk8s-in-the-image',
      comment: 'The packages that write manifests weigh more than the gateway, and it has no use for them.',
      severity: 'error',
      from: { path: '^gateway-app/' },
      to: { path: 'node_modules/(cdk8s|cdk8s-cli|cdk8s-plus-28|constructs)/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // What a build has left behind.
    exclude: { path: '^(gateway-app/)?(dist|lib|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    // Each half answers for its own package.json: what only the root declares is not in the image.
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['node', 'require', 'import', 'types', 'default'],
    },
  },
};
