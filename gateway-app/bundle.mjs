// Bundles the gateway into the files that the image runs, with the licences of what went into it beside it.
import { build } from 'esbuild';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);
const output = join(here, 'dist');

/** Folders of the packages that a bundle holds, from the files that went into it. */
function packagesOf(inputs) {
  const folders = inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** The licence text in a package, or the one of its repository that is kept here where the package lacks it. */
function licenceFile(folder, name) {
  const shipped = readdirSync(join(root, folder)).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const kept = join(here, 'licences', `${name}.txt`);
  if (shipped !== undefined) return join(root, folder, shipped);
  return existsSync(kept) ? kept : undefined;
}

function notice(folder) {
  const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const file = licenceFile(folder, name);
  // An image without its notices breaks the licence of every package in it: better no image.
  if (file === undefined) throw new Error(`${name} ${version} (${license}) ships no licence text.`);
  return `${name} ${version} (${license})\n\n${readFileSync(file, 'utf8').trim()}\n`;
}

const { metafile } = await build({
  absWorkingDir: root,
  // The second is loaded only where traces are asked for; the first finds it beside itself by that name.
  entryPoints: {
    gateway: join(here, 'src/main.ts'),
    'telemetry/otlp-exporter': join(here, 'src/telemetry/otlp-exporter.ts'),
  },
  outdir: output,
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay: a stack trace in a log must lead to the source. Not by `keepNames`, which names each closure anew whenever
  // it is made: that cost every request 4 us.
  minifyIdentifiers: false,
  legalComments: 'none',
  logLevel: 'warning',
  metafile: true,
});

const separator = `\n${'-'.repeat(79)}\n\n`;
writeFileSync(
  join(output, 'THIRD-PARTY-NOTICES.txt'),
  packagesOf(Object.keys(metafile.inputs)).map(notice).join(separator),
);
