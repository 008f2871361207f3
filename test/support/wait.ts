import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 50;

/**
 * Asks again and again until the answer is neither undefined nor false, and returns it.
 *
 * @param what Completes the sentence "gave up waiting for ...".
 * @param giveUp Says why waiting is in vain, e.g. that the server has ended; undefined while there is hope.
 * @throws Error after `deadlineMs`, with the last error that the question threw.
 */
export async function waitFor<Answer>(
  what: string,
  question: () => Promise<Answer | undefined | false> | Answer | undefined | false,
  deadlineMs = 20_000,
  giveUp: () => string | undefined = () => undefined,
): Promise<Answer> {
  const deadline = Date.now() + deadlineMs;
  let lastError: unknown;
  while (Date.now() < deadline) {
    const reason = giveUp();
    if (reason !== undefined) throw new Error(`Gave up waiting for ${what}: ${reason}`);
    try {
      const answer = await question();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      lastError = error;
    }
    await sleep(pollMs);
  }
  throw new Error(`Gave up waiting for ${what} after ${deadlineMs} ms`, { cause: lastError });
}
