/** A line of the input: `audit.log:17`. */
export interface Place {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export type Fault =
  /** The bytes do not have the hash that the line carries. */
  | 'changed'
  /** Numbers of the chain that no line carries. */
  | 'missing'
  /** A number that was there already. */
  | 'repeated'
  /** A line that stands after one with a higher number. */
  | 'moved'
  /** A line with a right hash of its own that does not continue from the line before: written anew. */
  | 'replaced'
  /** No whole audit line. */
  | 'unreadable'
  /** A head that was known is not there. */
  | 'cut';

export interface Finding {
  readonly fault: Fault;
  readonly place: Place;
  readonly message: string;
}

/** What is known of one chain after all its lines were read. */
export interface ChainSummary {
  readonly chain: string;
  /** Above 0 where the lines before are in a file that was not given. */
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly lastHash: string;
  readonly lastTime: string;
  /** The process wrote the end of its chain. Else it runs still, was killed, or the end was cut off. */
  readonly ended: boolean;
  /** Records that were never written; the chain itself says so. */
  readonly lostRecords: number;
}
