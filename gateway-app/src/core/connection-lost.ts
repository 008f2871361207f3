/**
 * The connection ended after the whole request was written and before any byte of the answer came. Nothing tells whether
 * the provider has read the request: it may have, and may have billed it.
 */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';

  /**
   * @param reused The connection had carried another request before. Most often the provider had then closed it for idleness
   *   just as this request was under way, and has not read it.
   */
  constructor(
    readonly reused: boolean,
    cause?: Error,
  ) {
    super('The provider closed the connection before its answer began.', { cause });
  }
}
