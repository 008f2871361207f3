import { ChainReader } from './chain-reader';
import type { ChainSummary, Fault, Finding, Place } from './finding';
import { looksLikeAudit, readAuditLine, type AuditLine } from './line';

/** The last line that a chain is known to have had, from elsewhere: by its hash, or by its number. */
export type KnownHead = { readonly hash: string } | { readonly chain: string; readonly sequence: number };

export interface VerifierOptions {
  /** Skip lines of other kinds, such as log lines on the same stream. Else each is a finding. */
  readonly mixed: boolean;
  /** The input may begin anywhere in a chain. Else a chain begins with its first record, or with that of a file. */
  readonly partial: boolean;
  readonly heads: readonly KnownHead[];
}

export interface Report {
  /** In the order of the input. */
  readonly findings: readonly Finding[];
  readonly chains: readonly ChainSummary[];
  readonly auditLines: number;
  readonly skippedLines: number;
}

/** Reads a stream of audit lines, of any number of chains that are mixed in any way, and finds what was done to it. */
export class Verifier {
  readonly #chains = new Map<string, ChainReader>();
  readonly #findings: Finding[] = [];
  readonly #damagedHashes = new Set<string>();
  readonly #hashesSought: Set<string>;
  readonly #files: string[] = [];
  #place: Place = { file: '', line: 0 };
  #auditLines = 0;
  #skippedLines = 0;

  constructor(private readonly options: VerifierOptions) {
    this.#hashesSought = new Set(options.heads.flatMap((head) => ('hash' in head ? [head.hash] : [])));
  }

  /** @param bytes One line without its line end. */
  read(bytes: Buffer, place: Place): void {
    this.#place = place;
    if (this.#files.at(-1) !== place.file) this.#files.push(place.file);
    if (this.options.mixed && !looksLikeAudit(bytes)) {
      this.#skippedLines += 1;
      return;
    }
    const isFirst = this.#auditLines === 0;
    this.#auditLines += 1;
    const line = readAuditLine(bytes);
    if (line === undefined) this.#unreadable(bytes, place);
    else if (line.hash !== line.computed) this.#damaged(line, place);
    else this.#intact(line, place, isFirst);
  }

  /** Call once, after the last line. */
  finish(): Report {
    const chains = [...this.#chains.values()].map((chain) => chain.finish());
    if (this.#auditLines === 0) this.#find('cut', this.#place, 'there is no audit line in the input');
    for (const head of this.options.heads) this.#checkHead(head);
    const position = ({ place }: Finding): number => this.#files.indexOf(place.file);
    return {
      findings: this.#findings.sort((a, b) => position(a) - position(b) || a.place.line - b.place.line),
      chains,
      auditLines: this.#auditLines,
      skippedLines: this.#skippedLines,
    };
  }

  #unreadable(bytes: Buffer, place: Place): void {
    const claimed = /"hash":"([0-9a-f]{64})"/.exec(bytes.toString('latin1'))?.[1];
    if (claimed !== undefined) this.#damagedHashes.add(claimed);
    this.#find('unreadable', place, 'this is not a whole audit line');
  }

  #damaged(line: AuditLine, place: Place): void {
    // Either may be the one that the next line continues from.
    this.#damagedHashes.add(line.hash).add(line.computed);
    const name = `sequence ${line.sequence} of chain ${line.chain}`;
    this.#find('changed', place, `the content does not have the hash it carries; it calls itself ${name}`);
    this.#chains.get(line.chain)?.readDamaged(line);
  }

  #intact(line: AuditLine, place: Place, isFirst: boolean): void {
    this.#hashesSought.delete(line.hash);
    let chain = this.#chains.get(line.chain);
    if (chain === undefined) {
      chain = new ChainReader(line.chain, this.options.partial, this.#damagedHashes, this.#findings);
      this.#chains.set(line.chain, chain);
      if (line.members['event'] === 'start') this.#checkPredecessor(line, place, isFirst);
    }
    chain.readIntact(line, place);
  }

  /** A chain that begins in an existing file names the last line it found there. */
  #checkPredecessor(line: AuditLine, place: Place, isFirst: boolean): void {
    const { predecessor } = line.members as { predecessor?: AuditLine | string };
    if (typeof predecessor !== 'object') return;
    const { chain, sequence, hash } = predecessor;
    const end = this.#chains.get(chain)?.end;
    const said = `the start of chain ${line.chain} says that sequence ${sequence} of chain ${chain} stood before it`;
    if (end === undefined) {
      if (!isFirst && !this.options.partial)
        this.#find('cut', place, `${said}, and nothing of that chain is there`);
    } else if (end.sequence !== sequence) {
      this.#find('cut', place, `${said}, and that chain ends with sequence ${end.sequence}`);
    } else if (!end.hashes.includes(hash)) {
      this.#find('replaced', place, `${said}, with another hash than it has`);
    }
  }

  #checkHead(head: KnownHead): void {
    if ('hash' in head) {
      if (this.#hashesSought.has(head.hash)) {
        this.#find(
          'cut',
          this.#place,
          `no line has the hash ${head.hash}, which is known to have been there`,
        );
      }
      return;
    }
    const { chain, sequence } = head;
    const end = this.#chains.get(chain)?.end.sequence;
    if (end !== undefined && end >= sequence) return;
    const found = end === undefined ? 'nothing of it is there' : `it ends with sequence ${end}`;
    this.#find(
      'cut',
      this.#place,
      `chain ${chain} is known to have reached sequence ${sequence}, and ${found}`,
    );
  }

  #find(fault: Fault, place: Place, message: string): void {
    this.#findings.push({ fault, place, message });
  }
}
