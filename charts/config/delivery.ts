/** What Argo CD is told. */
export interface ArgoCdInput {
  /** Address of the Git repository that holds the synthesized folders, without credentials: Argo CD has its own. */
  readonly repository: string;
  /** Branch, tag or commit of it. @default HEAD (deliveryRevision) */
  readonly revision?: string;
  /** Folder of the repository in which each region has its own, as below `dist`. @default dist (deliveryPath) */
  readonly path?: string;
  /** For each region, by its key in `regions`, the name under which Argo CD knows its cluster. */
  readonly clusters: Readonly<Record<string, string>>;
  /** Where Argo CD runs. @default argocd (argoCdNamespace) */
  readonly namespace?: string;
  /**
   * Name of its objects, and the beginning of each Application's. Two environments that one Argo CD delivers need two.
   * Absent: the gateway's namespace.
   */
  readonly name?: string;
}

/** Argo CD delivers. Made by {@link Delivery}. */
export type ArgoCdDelivery = { readonly kind: 'argo-cd' } & ArgoCdInput;
/** Something else delivers. Made by {@link Delivery}. */
export interface NoDelivery {
  readonly kind: 'none';
}
export type DeliveryInput = ArgoCdDelivery | NoDelivery;

/** Who applies the regions' folders to their clusters. Values are checked where they are used, all at once. */
export const Delivery = {
  /**
   * An AppProject that allows this source and these destinations only, and an ApplicationSet with an Application per
   * region, one region after the other, from the lowest priority to the highest.
   */
  argoCd: (input: ArgoCdInput): ArgoCdDelivery => ({ kind: 'argo-cd', ...input }),

  /** Nothing is written: `kubectl apply`, or another tool. */
  none: (): NoDelivery => ({ kind: 'none' }),
};
