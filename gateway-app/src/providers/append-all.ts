/** Appends one by one: as arguments of one `push`, a client's 200,000 parts would overflow the stack. */
export function appendAll<Item>(list: Item[], items: readonly Item[]): void {
  for (const item of items) list.push(item);
}
