import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

interface Request {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly { readonly body?: { readonly stringValue?: string } }[];
    }[];
  }[];
}

/** Where a collector sends to: it takes OTLP as JSON, and keeps the lines of each path in the order in which they came. */
export interface LogSink {
  readonly url: string;
  lines(path: string): readonly string[];
  /** Answers 503 to all that comes from now on, until it is called with `false`. */
  refuse(isAway: boolean): void;
  /** How often it has answered 503. */
  refusals(): number;
  close(): Promise<void>;
}

export async function startLogSink(): Promise<LogSink> {
  const received = new Map<string, string[]>();
  let isAway = false;
  let refusals = 0;
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      if (isAway) {
        refusals += 1;
        response.writeHead(503).end();
        return;
      }
      const path = (request.url ?? '').replace(/\/v1\/logs$/, '');
      received.set(path, [...(received.get(path) ?? []), ...linesOf(JSON.parse(body.toString()) as Request)]);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    lines: (path) => received.get(path) ?? [],
    refuse: (away) => {
      isAway = away;
    },
    refusals: () => refusals,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function linesOf({ resourceLogs = [] }: Request): string[] {
  return resourceLogs.flatMap(({ scopeLogs = [] }) =>
    scopeLogs.flatMap(({ logRecords = [] }) => logRecords.map(({ body }) => body?.stringValue ?? '')),
  );
}
