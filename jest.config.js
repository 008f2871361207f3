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

module.exports = {
  testTimeout: 30_000,
  projects: ['contract', 'architecture', 'charts', 'policy', 'gateway', 'rules', 'cluster', 'image'].map(
    (name) => project(name),
  ),
};
