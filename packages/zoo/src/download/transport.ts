/** How bytes come from a URL: Node's sockets, or the browser's fetch. */
export type Transport = (url: string, request: TransportRequest) => Promise<Reply>;

export interface TransportRequest {
  /** First byte wanted; above 0 as a Range header. */
  readonly from: number;
  /** Ends the connection, also while the body is being read. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** A header by its lower-case name. */
  header(name: string): string | undefined;
  readonly body: AsyncIterable<Uint8Array>;
}
