import { setImmediate as nextTurn } from 'node:timers/promises';

/** Lets the event loop read what has arrived on all sockets, and act on it. */
export async function turns(count = 5): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await nextTurn();
}
