import type { UpstreamClient, UpstreamHandler, UpstreamRequest } from '../../gateway-app/src/core/upstream';
import {
  apiKey,
  chunkBytes,
  chunksPerStream,
  endMark,
  path,
  plainModel,
  request,
  streamRequest,
} from '../gateway/exchange';
import {
  openingMs,
  percentile,
  requestsInFlight,
  type PacedMeasured,
  type RequestsMeasured,
  type SoakMeasured,
  type StreamsMeasured,
} from './messages';

const ask = (body: string): UpstreamRequest => ({
  path,
  body,
  headers: {
    'content-type': 'application/json',
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'bench',
    authorization: `Bearer ${apiKey}`,
  },
});
const whole = ask(request);

function fail(failure: string, cause: Error): never {
  console.error(`${failure}: nothing was measured.`, cause);
  process.exit(1);
}

function expectOk(status: number): void {
  if (status !== 200) fail(`status ${status}`, new Error('a target refused a request'));
}

function cpuUs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return user + system;
}

const sorted = (values: number[]): number[] => values.sort((a, b) => a - b);

/** Keeps so many requests in flight for the time: each answer starts the next request. */
export async function requests(client: UpstreamClient, seconds: number): Promise<RequestsMeasured> {
  const cpuBefore = process.cpuUsage();
  const startedMs = performance.now();
  const untilMs = startedMs + seconds * 1000;
  let answered = 0;
  const keepAsking = (): Promise<void> =>
    new Promise((resolve) => {
      const handler: UpstreamHandler = {
        onHeaders: expectOk,
        onData: () => true,
        onEnd: () => {
          answered += 1;
          if (performance.now() < untilMs) client.start(whole, handler);
          else resolve();
        },
        onError: fail,
      };
      client.start(whole, handler);
    });
  await Promise.all(Array.from({ length: requestsInFlight }, keepAsking));
  return {
    requestsPerSecond: answered / ((performance.now() - startedMs) / 1000),
    cpuUsPerRequest: cpuUs(cpuBefore) / answered,
  };
}

/** Calls `start` so many times a second, each time with when it was due, whether or not earlier ones have ended. */
function pace(perSecond: number, seconds: number, start: (dueMs: number) => void): Promise<void> {
  return new Promise((resolve) => {
    const startedMs = performance.now();
    let started = 0;
    const timer = setInterval(() => {
      const elapsedMs = performance.now() - startedMs;
      for (; started < (Math.min(elapsedMs, seconds * 1000) / 1000) * perSecond; started += 1) {
        start(startedMs + (started * 1000) / perSecond);
      }
      if (elapsedMs < seconds * 1000) return;
      clearInterval(timer);
      resolve();
    }, 1);
  });
}

/** A steady rate, as clients that do not wait for one another make it. */
export async function paced(
  client: UpstreamClient,
  perSecond: number,
  seconds: number,
): Promise<PacedMeasured> {
  const latencyMs: number[] = [];
  const open: Promise<void>[] = [];
  await pace(perSecond, seconds, (dueMs) => {
    const ended = new Promise<void>((resolve) => {
      client.start(whole, {
        onHeaders: expectOk,
        onData: () => true,
        onEnd: () => {
          latencyMs.push(performance.now() - dueMs);
          resolve();
        },
        onError: fail,
      });
    });
    open.push(ended);
  });
  await Promise.all(open);
  sorted(latencyMs);
  return {
    requests: latencyMs.length,
    p50Ms: percentile(latencyMs, 0.5),
    p99Ms: percentile(latencyMs, 0.99),
  };
}

export async function streams(
  client: UpstreamClient,
  count: number,
  model: string,
): Promise<StreamsMeasured> {
  const asked = ask(streamRequest(model));
  const cpuBefore = process.cpuUsage();
  const firstChunkMs: number[] = [];
  let bytes = 0;
  let failed = 0;
  const startedMs = performance.now();
  const open = (nth: number): Promise<void> =>
    new Promise((resolve) => {
      const dueMs = startedMs + (nth * openingMs) / count;
      let first = true;
      // A stream that a busy target refuses or loses is a figure too.
      const lose = (): void => {
        failed += 1;
        resolve();
      };
      const start = (): void => {
        const call = client.start(asked, {
          onHeaders: (status) => {
            if (status === 200) return;
            call.abort();
            lose();
          },
          onData: (chunk) => {
            if (first) firstChunkMs.push(performance.now() - dueMs);
            first = false;
            bytes += chunk.length;
            return true;
          },
          onEnd: resolve,
          onError: lose,
        });
      };
      setTimeout(start, Math.max(0, dueMs - performance.now()));
    });
  await Promise.all(Array.from({ length: count }, (_, nth) => open(nth)));
  sorted(firstChunkMs);
  const chunksDelivered = (bytes - (count - failed) * endMark.length) / chunkBytes;
  return {
    failed,
    chunksDelivered,
    chunksExpected: count * chunksPerStream,
    cpuUsPerChunk: cpuUs(cpuBefore) / chunksDelivered,
    firstChunkP50Ms: percentile(firstChunkMs, 0.5),
    firstChunkP99Ms: percentile(firstChunkMs, 0.99),
    seconds: (performance.now() - startedMs) / 1000,
    residentBytes: process.memoryUsage.rss(),
  };
}

/** One request in so many is a stream, and one stream in as many is left by its client before its end. */
const streamEvery = 10;

/** A mix as in a day's traffic. Failures are counted: the provider makes them. */
export async function soak(
  client: UpstreamClient,
  perSecond: number,
  seconds: number,
): Promise<SoakMeasured> {
  const ends: Record<string, number> = {};
  const streamed = ask(streamRequest(plainModel));
  const open: Promise<void>[] = [];
  let started = 0;
  await pace(perSecond, seconds, () => {
    const isStream = (started += 1) % streamEvery === 0;
    const leaves = isStream && started % (streamEvery * streamEvery) === 0;
    const ended = new Promise<string>((resolve) => {
      let status = 0;
      const call = client.start(isStream ? streamed : whole, {
        onHeaders: (received) => {
          status = received;
        },
        onData: () => {
          if (leaves) {
            call.abort();
            resolve('left by the client');
          }
          return true;
        },
        onEnd: () => {
          resolve(`${isStream ? 'stream' : 'whole'} ${status}`);
        },
        onError: (failure) => {
          resolve(`${isStream ? 'stream' : 'whole'} ${failure}`);
        },
      });
    });
    void ended.then((how) => (ends[how] = (ends[how] ?? 0) + 1));
    // What has ended needs no waiting: ten minutes of promises would look like a leak of the driver.
    if (seconds * perSecond - started < perSecond * 5) open.push(ended.then(() => undefined));
  });
  await Promise.all(open);
  return ends;
}
