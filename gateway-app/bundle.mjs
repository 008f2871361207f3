// Bundles the gateway into the one file that the image runs, with the licences of what went into it beside it.
import { build } from 'esbuild';
import license from 'esbuild-plugin-license';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(here);

/** @param {{packageJson: {name: string, version: string, license?: string}}} dependency */
function notice({ packageJson: { name, version, license: identifier } }) {
  const folder = [join(here, 'node_modules', name), join(root, 'node_modules', name)].find(hasPackage);
  const file = folder && readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  // An image without its notices breaks the licence of every package in it: better no image.
  if (file === undefined)
    throw new Error(`${name}@${version} (${identifier ?? 'no licence named'}) ships no licence text.`);
  return `${name} ${version} (${identifier})\n\n${readFileSync(join(folder, file), 'utf8').trim()}\n`;
}

function hasPackage(folder) {
  try {
    return readdirSync(folder).includes('package.json');
  } catch {
    return false;
  }
}

await build({
  absWorkingDir: root,
  entryPoints: [join(here, 'src/main.ts')],
  outfile: join(here, 'dist/gateway.js'),
  bundle: true,
  platform: 'node',
  target: 'node24',
  format: 'cjs',
  minifySyntax: true,
  minifyWhitespace: true,
  // Names stay: a stack trace in a log must lead to the source.
  keepNames: true,
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [
    license({
      banner: '',
      thirdParty: {
        output: {
          file: 'THIRD-PARTY-NOTICES.txt',
          template: (dependencies) => dependencies.map(notice).join(`\n${'-'.repeat(79)}\n\n`),
        },
      },
    }),
  ],
});
