// One project per kind of judge, so that `npx jest --selectProjects rules` runs just that kind.
const project = (name, folder = name) => ({
  displayName: name,
  roots: [`<rootDir>/test/${folder}`],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  // Without a type check, because tsconfig.json has isolatedModules: `npm run typecheck` checks the whole tree once,
  // and checking it again per test file costs minutes.
  transform: { '^.+\\.ts$': 'ts-jest' },
});

// It works on the cluster of KUBECONFIG, so only the command that says so may run it.
const asked = process.env.npm_lifecycle_event === 'test:e2e' ? ['e2e'] : [];

module.exports = {
  testTimeout: 30_000,
  // The default leaves one core idle; most suites wait for servers of their own.
  maxWorkers: '100%',
  projects: [
    ...[
      'contract',
      'architecture',
      'charts',
      'policy',
      'gateway',
      'failover',
      'rules',
      'cluster',
      'delivery',
      'image',
    ],
    ...asked,
  ].map((name) => project(name)),
};
