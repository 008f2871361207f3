import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runtimeConfigJsonSchema } from '../../contract/runtime-config';

const file = join(__dirname, '../../contract/runtime-config.schema.json');

writeFileSync(file, `${JSON.stringify(runtimeConfigJsonSchema(), null, 2)}\n`);
process.stdout.write(`Written: ${file}\n`);
