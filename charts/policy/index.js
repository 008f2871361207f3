// cdk8s-cli loads a validation with `require`, in its own process, which knows no TypeScript. Bundling takes a fifth of
// the time that ts-node would take to load itself and to transpile these files one by one.
const Module = require('node:module');
const { join } = require('node:path');
const { buildSync } = require('esbuild');

const entry = join(__dirname, 'plugin.ts');
const { outputFiles } = buildSync({
  entryPoints: [entry],
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'cjs',
  write: false,
});
const plugin = new Module(entry, module);
plugin.filename = entry;
plugin.paths = module.paths;
plugin._compile(outputFiles[0].text, entry);
module.exports = plugin.exports;
