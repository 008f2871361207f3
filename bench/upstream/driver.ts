/**
 * One process with one client: takes orders, sends the requests and measures itself.
 *
 * Usage: node driver.js IMPLEMENTATION ORIGIN, with the certificate to trust in the environment.
 */
import type { UpstreamClient, UpstreamHandler, UpstreamRequest } from '../../gateway-app/src/core/upstream';
import { Http1Client } from '../../gateway-app/src/upstream/http1/client';
import { UndiciClient } from '../../test/support/upstream/undici-client';
import { path, request as body } from '../gateway/exchange';
import {
  chunkBytes,
  openingMs,
  requestsInFlight,
  streamPath,
  type Order,
  type RequestsMeasured,
  type StreamsMeasured,
} from './messages';

const headers = {
  'content-type': 'application/json',
  accept: 'application/json',
  'accept-encoding': 'identity',
  'user-agent': 'bench',
  authorization: 'Bearer sk-0123456789abcdef0123456789abcdef',
};
const ask: UpstreamRequest = { path, headers, body };
const askStream: UpstreamRequest = { path: streamPath, headers, body };

function fail(failure: string, cause: Error): never {
  console.error(`${failure}: nothing was measured.`, cause);
  process.exit(1);
}

function cpuUs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

/** Keeps so many requests in flight for the time: each answer starts the next request. */
async function requests(client: UpstreamClient, seconds: number): Promise<RequestsMeasured> {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const untilMs = startedMs + seconds * 1000;
  let answered = 0;
  const keepAsking = (): Promise<void> =>
    new Promise((resolve) => {
      const handler: UpstreamHandler = {
        onHeaders: () => undefined,
        onData: () => true,
        onEnd: () => {
          answered += 1;
          if (performance.now() < untilMs) client.start(ask, handler);
          else resolve();
        },
        onError: fail,
      };
      client.start(ask, handler);
    });
  await Promise.all(Array.from({ length: requestsInFlight }, keepAsking));
  return {
    requestsPerSecond: answered / ((performance.now() - startedMs) / 1000),
    cpuUsPerRequest: cpuUs(cpuBefore) / answered,
  };
}

async function streams(client: UpstreamClient, count: number): Promise<StreamsMeasured> {
  const cpuBefore = process.cpuUsage();
  const firstChunkMs: number[] = [];
  let bytes = 0;
  const startedMs = performance.now();
  const open = (nth: number): Promise<void> =>
    new Promise((resolve) => {
      // From when it should have begun: a client too busy to begin in time must not look quick.
      const dueMs = startedMs + (nth * openingMs) / count;
      let first = true;
      setTimeout(
        () => {
          client.start(askStream, {
            onHeaders: () => undefined,
            onData: (chunk) => {
              if (first) firstChunkMs.push(performance.now() - dueMs);
              first = false;
              bytes += chunk.length;
              return true;
            },
            onEnd: resolve,
            onError: fail,
          });
        },
        Math.max(0, dueMs - performance.now()),
      );
    });
  await Promise.all(Array.from({ length: count }, (_, nth) => open(nth)));
  firstChunkMs.sort((a, b) => a - b);
  const percentile = (share: number): number =>
    firstChunkMs[Math.ceil(firstChunkMs.length * share) - 1] ?? NaN;
  const chunksDelivered = bytes / chunkBytes;
  return {
    chunksDelivered,
    cpuUsPerChunk: cpuUs(cpuBefore) / chunksDelivered,
    firstChunkP50Ms: percentile(0.5),
    firstChunkP99Ms: percentile(0.99),
    residentBytes: process.memoryUsage.rss(),
  };
}

const [implementation, origin = ''] = process.argv.slice(2);
const options = { origin, connectTimeoutMs: 10_000, ca: process.env['CERT'] };
const client =
  implementation === 'http1'
    ? new Http1Client({ ...options, ca: () => options.ca })
    : new UndiciClient(options);

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  const measured =
    order.kind === 'requests' ? requests(client, order.seconds) : streams(client, order.streams);
  void measured.then((result) => process.send?.(result));
});
