/** Imports, each `from -> to`, that a rule must report, and neighbours of theirs that no rule may. */
interface ImportCases {
  readonly forbidden: readonly string[];
  readonly allowed: readonly string[];
}

/** By rule name. A package stands as `node_modules/...`; which of them are declared where, the test's tree says. */
export const importCases: Readonly<Record<string, ImportCases>> = {
  'no-cycles': {
    forbidden: ['charts/kit/egg.ts -> charts/kit/hen.ts'],
    // The way back closes the cycle, which is reported once.
    allowed: ['charts/kit/hen.ts -> charts/kit/egg.ts'],
  },
  'no-unresolvable-import': {
    forbidden: ['charts/kit/lost.ts -> ./gone'],
    allowed: [],
  },
  'gateway-app-stands-alone': {
    forbidden: [
      'gateway-app/src/main.ts -> charts/config/defaults.ts',
      'gateway-app/src/main.ts -> test/support/wait.ts',
      'gateway-app/src/main.ts -> tooling.ts',
    ],
    allowed: ['gateway-app/src/main.ts -> gateway-app/contract/ports.ts'],
  },
  'contract-imports-nothing-of-ours': {
    forbidden: ['gateway-app/contract/ports.ts -> gateway-app/src/core/clock.ts'],
    allowed: ['gateway-app/contract/ports.ts -> gateway-app/contract/paths.ts'],
  },
  'charts-see-the-contract-only': {
    forbidden: [
      'charts/main.ts -> gateway-app/src/core/clock.ts',
      'charts/main.ts -> test/support/wait.ts',
      'charts/main.ts -> examples/team.ts',
    ],
    allowed: [
      'charts/main.ts -> gateway-app/contract/ports.ts',
      'charts/main.ts -> charts/stacks/gateway-stack.ts',
      'charts/main.ts -> charts/policy/validate-manifests.ts',
    ],
  },
  'rooms-do-not-know-each-other': {
    forbidden: [
      'charts/network/policy.ts -> charts/workload/deployment.ts',
      'charts/network/policy.ts -> charts/stacks/platform-stack.ts',
      'charts/network/policy.ts -> charts/policy/check.ts',
      'charts/network/policy.ts -> charts/synthesize.ts',
      'charts/network/policy.ts -> charts/output/write.ts',
      'charts/room-of-tomorrow/lamp.ts -> charts/workload/deployment.ts',
    ],
    allowed: [
      'charts/network/policy.ts -> charts/network/peer.ts',
      'charts/network/policy.ts -> charts/kit/labels.ts',
      'charts/network/policy.ts -> charts/config/defaults.ts',
      'charts/network/policy.ts -> imports/k8s.ts',
    ],
  },
  'stacks-compose-rooms': {
    forbidden: [
      'charts/stacks/judge.ts -> charts/policy/check.ts',
      'charts/stacks/judge.ts -> charts/synthesize.ts',
      'charts/stacks/judge.ts -> charts/output/write.ts',
    ],
    allowed: ['charts/stacks/judge.ts -> charts/workload/deployment.ts'],
  },
  'output-knows-no-construct': {
    forbidden: [
      'charts/output/table.ts -> charts/workload/deployment.ts',
      'charts/output/table.ts -> charts/stacks/gateway-stack.ts',
    ],
    allowed: [
      'charts/output/table.ts -> charts/synthesize.ts',
      'charts/output/table.ts -> charts/policy/manifest.ts',
      'charts/output/table.ts -> charts/output/write.ts',
    ],
  },
  'kit-is-below-the-rooms': {
    forbidden: ['charts/kit/labels.ts -> charts/workload/deployment.ts'],
    allowed: ['charts/kit/labels.ts -> charts/config/types.ts'],
  },
  'config-is-the-ground-floor': {
    forbidden: ['charts/config/types.ts -> charts/kit/names.ts', 'charts/config/types.ts -> imports/k8s.ts'],
    allowed: ['charts/config/types.ts -> gateway-app/contract/runtime-config.ts'],
  },
  'policy-reads-finished-manifests': {
    forbidden: [
      'charts/policy/spread.ts -> charts/workload/deployment.ts',
      'charts/policy/spread.ts -> imports/k8s.ts',
    ],
    allowed: ['charts/policy/spread.ts -> charts/policy/check.ts'],
  },
  'no-inner-barrel': {
    forbidden: ['charts/synthesize.ts -> charts/index.ts'],
    allowed: ['charts/index.ts -> charts/workload/deployment.ts', 'examples/team.ts -> charts/index.ts'],
  },
  'app-and-main-are-on-top': {
    forbidden: [
      'gateway-app/src/http/public-listener.ts -> gateway-app/src/app.ts',
      'gateway-app/src/core/clock.ts -> gateway-app/src/app.ts',
    ],
    allowed: ['gateway-app/src/app.ts -> gateway-app/src/http/drain.ts'],
  },
  'pipeline-knows-no-listener': {
    forbidden: ['gateway-app/src/pipeline/run.ts -> gateway-app/src/http/respond.ts'],
    allowed: [
      'gateway-app/src/pipeline/run.ts -> gateway-app/src/auth/keys.ts',
      'gateway-app/src/http/drain.ts -> gateway-app/src/pipeline/order.ts',
    ],
  },
  'stages-share-only-the-core': {
    forbidden: [
      'gateway-app/src/auth/stage.ts -> gateway-app/src/meter/count.ts',
      'gateway-app/src/auth/stage.ts -> gateway-app/src/pipeline/order.ts',
      'gateway-app/src/auth/stage.ts -> gateway-app/src/http/respond.ts',
    ],
    allowed: [
      'gateway-app/src/auth/stage.ts -> gateway-app/src/auth/keys.ts',
      'gateway-app/src/auth/stage.ts -> gateway-app/src/core/errors.ts',
      'gateway-app/src/auth/stage.ts -> gateway-app/src/stores/memory.ts',
    ],
  },
  'leaves-stay-below-the-stages': {
    forbidden: [
      'gateway-app/src/stores/redis.ts -> gateway-app/src/limit/budget.ts',
      'gateway-app/src/telemetry/logger.ts -> gateway-app/src/http/respond.ts',
    ],
    allowed: ['gateway-app/src/stores/redis.ts -> gateway-app/src/core/errors.ts'],
  },
  'core-imports-the-contract-only': {
    forbidden: [
      'gateway-app/src/core/request.ts -> gateway-app/src/telemetry/metrics.ts',
      'gateway-app/src/core/request.ts -> gateway-app/src/auth/keys.ts',
    ],
    allowed: [
      'gateway-app/src/core/request.ts -> gateway-app/src/core/errors.ts',
      'gateway-app/src/core/request.ts -> gateway-app/contract/error-codes.ts',
    ],
  },
  'no-development-packages-in-the-product': {
    forbidden: [
      'charts/kit/test-helper.ts -> node_modules/only-for-development/index.js',
      'charts/kit/test-helper.ts -> node_modules/declared-nowhere/index.js',
      'gateway-app/src/main.ts -> node_modules/only-for-charts/index.js',
    ],
    allowed: [
      'charts/kit/test-helper.ts -> node_modules/only-for-charts/index.js',
      'charts/kit/test-helper.ts -> node_modules/constructs/index.js',
      'gateway-app/src/main.ts -> node_modules/only-for-the-app/index.js',
      'charts/policy/index.js -> node_modules/only-for-development/index.js',
      'gateway-app/bundle.mjs -> node_modules/only-for-development/index.js',
    ],
  },
  'no-cdk8s-in-the-image': {
    forbidden: ['gateway-app/src/main.ts -> node_modules/constructs/index.js'],
    allowed: [],
  },
};
