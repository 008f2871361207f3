import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import './gateway-entry';

/** The real program, which tells at SIGUSR2 what it holds once all garbage is collected. */
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

process.on('SIGUSR2', () => {
  void held().then((line) => process.stdout.write(`${JSON.stringify(line)}\n`));
});

async function held(): Promise<object> {
  // Finalizers run between two collections, and free what the second one finds.
  for (let round = 0; round < 4; round += 1) {
    collect();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return { msg: 'held', bytes: heapUsed + external, resources: process.getActiveResourcesInfo().length };
}
