/** TCP from or to the pods of a namespace. */
export interface NamespaceOpening {
  readonly namespace: string;
  readonly port: number;
}

/** What an entry needs of the parts that it does not write itself. */
export interface EntryEffects {
  /** On each pod of the gateway. */
  readonly pod: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
  };
  /** Ways in, besides the public port. */
  readonly ingress: readonly NamespaceOpening[];
  /** Ways out, besides what the configuration names. */
  readonly egress: readonly NamespaceOpening[];
  /** Folder with the certificate that Prometheus must show. Absent: it scrapes in plain text. */
  readonly scrapeCertificateFolder?: string | undefined;
}

export const noEffects: EntryEffects = { pod: { labels: {}, annotations: {} }, ingress: [], egress: [] };
