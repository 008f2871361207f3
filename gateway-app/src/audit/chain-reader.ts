import { genesisHash } from './chain';
import type { ChainSummary, Fault, Finding, Place } from './finding';
import type { AuditLine } from './line';

/** Numbers that no line has carried so far, though a later one was read. */
interface Hole {
  readonly first: number;
  readonly last: number;
  readonly before: Place;
}

/** Reads the lines of one chain in the order in which they stand, and finds what breaks it. */
export class ChainReader {
  #holes: Hole[] = [];
  #firstSequence = 0;
  #sequence = -1;
  /** Of the last line. One with a wrong hash leaves open which of the two the next line continues from. */
  #hashes: readonly string[] = [genesisHash];
  #lostRecords = 0;
  #lastTime = '';
  #ended = false;

  /**
   * @param partial Where the input begins says nothing: it is a part of a longer stream.
   * @param damagedHashes Hashes that damaged lines of the input carry, of whatever chain they are.
   */
  constructor(
    private readonly chain: string,
    private readonly partial: boolean,
    private readonly damagedHashes: ReadonlySet<string>,
    private readonly findings: Finding[],
  ) {}

  get end(): { readonly sequence: number; readonly hashes: readonly string[] } {
    return { sequence: this.#sequence, hashes: this.#hashes };
  }

  /** Takes a line that does not have the hash it carries. */
  readDamaged(line: AuditLine): void {
    // Its number is believed only where it fits: one changed digit must not look like a thousand lost lines.
    if (line.sequence === this.#sequence + 1) this.#advance(line, [line.hash, line.computed]);
  }

  readIntact(line: AuditLine, place: Place): void {
    const expected = this.#sequence + 1;
    if (line.sequence < expected) {
      this.#goBack(line, place);
      return;
    }
    const begins = this.#sequence < 0;
    if (begins && (this.partial || line.members['event'] === 'file')) this.#firstSequence = line.sequence;
    else if (line.sequence > expected) this.#leaveHole(expected, line, place);
    else if (!this.#hashes.includes(line.previous)) {
      this.#find('replaced', place, `sequence ${line.sequence} does not continue from the line before it`);
    }
    if (this.#ended)
      this.#find('replaced', place, `sequence ${line.sequence} stands after the end of its chain`);
    this.#advance(line, [line.hash]);
  }

  /** Call after the last line. */
  finish(): ChainSummary {
    for (const { first, last, before } of this.#holes) {
      const what = first === last ? `sequence ${first} is` : `sequences ${first} to ${last} are`;
      this.#find('missing', before, `${what} missing before this line`);
    }
    return {
      chain: this.chain,
      firstSequence: this.#firstSequence,
      lastSequence: this.#sequence,
      lastHash: this.#hashes[0] ?? genesisHash,
      lastTime: this.#lastTime,
      ended: this.#ended,
      lostRecords: this.#lostRecords,
    };
  }

  #leaveHole(first: number, line: AuditLine, before: Place): void {
    // The line before this one is there, but damaged beyond knowing its number: that was said at its place.
    const last = line.sequence - (this.damagedHashes.has(line.previous) ? 2 : 1);
    if (first <= last) this.#holes.push({ first, last, before });
  }

  #goBack({ sequence }: AuditLine, place: Place): void {
    const hole = this.#holes.find(({ first, last }) => first <= sequence && sequence <= last);
    if (hole === undefined && sequence >= this.#firstSequence) {
      this.#find('repeated', place, `sequence ${sequence} was there before`);
      return;
    }
    this.#find('moved', place, `sequence ${sequence} stands after sequence ${this.#sequence}`);
    if (hole === undefined) return;
    const { first, last, before } = hole;
    this.#holes = this.#holes.filter((other) => other !== hole);
    if (first < sequence) this.#holes.push({ first, last: sequence - 1, before });
    if (sequence < last) this.#holes.push({ first: sequence + 1, last, before });
  }

  #advance({ sequence, members }: AuditLine, hashes: readonly string[]): void {
    this.#sequence = sequence;
    this.#hashes = hashes;
    const { event, time, lostRecords } = members;
    if (typeof time === 'string') this.#lastTime = time;
    if (event === 'gap' && typeof lostRecords === 'number') this.#lostRecords += lostRecords;
    this.#ended = event === 'end';
  }

  #find(fault: Fault, place: Place, message: string): void {
    this.findings.push({ fault, place, message: `chain ${this.chain}: ${message}` });
  }
}
