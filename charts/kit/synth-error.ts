/** The input or the surroundings are at fault: whoever ran the synth can mend it, and needs no stack trace. */
export class SynthError extends Error {
  override readonly name = 'SynthError';

  /**
   * @param problem The value and the rule it breaks.
   * @param consequence What does not happen because of it, as a sentence.
   * @param fix What to do, without a full stop.
   */
  constructor(problem: string, consequence: string, fix: string) {
    super(`${problem} ${consequence} Fix: ${fix}.`);
  }
}
