import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

export type PodScript = 'ask' | 'crash' | 'dial' | 'load' | 'model-server';

/** The image's own Node.js: the pods need no other image. */
export const nodeInImage = '/nodejs/bin/node';

/** A script of `pod/`, as the text that `node -e` takes. */
export function podScript(name: PodScript): string {
  return transpileModule(readFileSync(join(__dirname, 'pod', `${name}.ts`), 'utf8'), {
    compilerOptions: { module: ModuleKind.CommonJS, target: ScriptTarget.ES2022, removeComments: true },
  }).outputText;
}
