/** The package has a CommonJS program, but says of its types that they are of an ES module: TypeScript refuses them here. */
declare module '@prometheus-io/lezer-promql' {
  export interface Node {
    readonly name: string;
    readonly type: { readonly isError: boolean };
    readonly from: number;
    readonly to: number;
    readonly parent: Node | null;
    readonly firstChild: Node | null;
    readonly nextSibling: Node | null;
    getChild(name: string): Node | null;
  }
  export const parser: { parse(text: string): { readonly topNode: Node } };
}
