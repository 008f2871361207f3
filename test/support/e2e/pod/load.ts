/**
 * Runs inside a pod: clients that ask again and again over kept connections, as an ingress proxy does, until standard
 * input ends. Then what is in progress is awaited and one report printed as JSON.
 */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

interface Order {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly model: string;
  /** Clients that ask for whole answers, and how long each rests between two. */
  readonly askers: number;
  readonly pauseMs: number;
  /** Clients that read streams of so many pieces. */
  readonly streamers: number;
  readonly events: number;
  readonly everyMs: number;
  /** How often a failed request for a whole answer is sent again. */
  readonly retries: number;
}

const order = JSON.parse(process.argv[1] ?? '{}') as Order;
const agent = new Agent({ keepAlive: true });
const report = {
  requests: 0,
  failed: 0,
  retried: 0,
  streams: 0,
  cut: 0,
  longestMs: 0,
  faults: [] as string[],
};
let ended = false;

function send(body: object): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request(
      order.url,
      { agent, method: 'POST', headers: { 'content-type': 'application/json', ...order.headers } },
      (response) => {
        let received = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (received += chunk));
        response.on('error', reject);
        response.on('end', () => {
          if (response.statusCode === 200) resolve(received);
          else reject(new Error(`${response.statusCode ?? 0} ${received.slice(0, 200)}`));
        });
      },
    );
    call.setTimeout(90_000, () => call.destroy(new Error('no answer')));
    call.on('error', reject);
    call.end(JSON.stringify(body));
  });
}

function note(error: unknown): void {
  if (report.faults.length < 20) report.faults.push(`${new Date().toISOString()} ${String(error)}`);
}

async function ask(): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await send({ model: order.model, messages: [{ role: 'user', content: '{}' }] });
      return;
    } catch (error) {
      note(error);
      if (attempt >= order.retries) {
        report.failed += 1;
        return;
      }
      report.retried += 1;
      await sleep(100 * 2 ** attempt);
    }
  }
}

async function asker(): Promise<void> {
  while (!ended) {
    const begun = performance.now();
    await ask();
    report.requests += 1;
    report.longestMs = Math.max(report.longestMs, performance.now() - begun);
    await sleep(order.pauseMs);
  }
}

async function streamer(): Promise<void> {
  const content = JSON.stringify({ events: order.events, everyMs: order.everyMs });
  while (!ended) {
    try {
      const received = await send({
        model: order.model,
        stream: true,
        messages: [{ role: 'user', content }],
      });
      const pieces = received.split('piece ').length - 1;
      if (pieces !== order.events || !received.endsWith('data: [DONE]\n\n')) {
        throw new Error(`stream of ${pieces} pieces, ending in ${received.slice(-200)}`);
      }
    } catch (error) {
      note(error);
      report.cut += 1;
    }
    report.streams += 1;
  }
}

process.stdin.on('end', () => (ended = true)).resume();
void Promise.all([
  ...Array.from({ length: order.askers }, asker),
  ...Array.from({ length: order.streamers }, streamer),
]).then(() => {
  agent.destroy();
  process.stdout.write(JSON.stringify(report));
});
