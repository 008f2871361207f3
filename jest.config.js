// One project per kind of judge, so that `npx jest --selectProjects rules` runs just that kind.
const project = (name, folder = name) => ({
  displayName: name,
  roots: [`<rootDir>/test/${folder}`],
  testMatch: ['**/*.test.ts'],
  testEnvironment: 'node',
  // Types are checked once for the whole tree by `npm run typecheck`; checking them again per test file costs minutes.
  transform: { '^.+\\.ts$': ['ts-jest', { isolatedModules: true }] },
});

module.exports = {
  testTimeout: 30_000,
  projects: ['contract', 'architecture', 'charts', 'policy', 'gateway', 'rules', 'cluster'].map((name) =>
    project(name),
  ),
};
