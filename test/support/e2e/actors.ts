import { setTimeout as sleep } from 'node:timers/promises';
import { ports } from '../../../gateway-app/contract/ports';
import { httpPaths } from '../../../gateway-app/contract/paths';
import type { Kubectl } from '../kubectl';
import { clientKey, gatewayNamespace, model } from './environment';
import { nodeInImage, podScript, type PodScript } from './pod-script';
import { type Actor, ingress, monitoring } from './stage';

export interface Answer {
  /** 0 where there was none; `body` then says why. */
  readonly status: number;
  readonly body: string;
  readonly chunks: number;
  readonly firstByteMs: number;
  readonly totalMs: number;
}

export interface LoadOrder {
  readonly askers?: number;
  readonly pauseMs?: number;
  readonly streamers?: number;
  readonly events?: number;
  readonly everyMs?: number;
  readonly retries?: number;
}

export interface LoadReport {
  readonly requests: number;
  readonly failed: number;
  readonly retried: number;
  readonly streams: number;
  readonly cut: number;
  readonly longestMs: number;
  readonly faults: readonly string[];
}

/** What pods do: each call runs a script of `pod/` inside one. */
export class Actors {
  constructor(private readonly kubectl: Kubectl) {}

  /** What becomes of TCP connections from a pod: `open`, `no answer`, or the error's code. */
  async dial(from: Actor, ...targets: string[]): Promise<string[]> {
    return JSON.parse(await this.#exec(from, 'dial', targets)) as string[];
  }

  /** Dials until the outcome is the wanted one, since policies take a moment to be enforced; returns the last. */
  async dialUntil(from: Actor, target: string, wanted: (outcome: string) => boolean): Promise<string> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const [outcome = ''] = await this.dial(from, target);
      if (wanted(outcome) || Date.now() > deadline) return outcome;
      await sleep(500);
    }
  }

  /** Ends the gateway's process at once, as a crash would. */
  async crash(pod: string): Promise<void> {
    await this.#exec({ namespace: gatewayNamespace, pod }, 'crash', []);
  }

  /** Chat completions from the ingress namespace, one for each host. */
  async chat(hosts: readonly string[], body: object = {}, key = clientKey): Promise<Answer[]> {
    const questions = hosts.map((host) => ({
      url: chatUrl(host),
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ model, messages: [{ role: 'user', content: '{}' }], ...body }),
    }));
    return JSON.parse(await this.#exec(ingress, 'ask', [JSON.stringify(questions)])) as Answer[];
  }

  /** What each of the hosts tells Prometheus. */
  async scrape(hosts: readonly string[]): Promise<string[]> {
    const questions = hosts.map((host) => ({
      url: `http://${host}:${ports.admin.number}${httpPaths.metrics}`,
      method: 'GET',
      headers: {},
    }));
    const answers = JSON.parse(await this.#exec(monitoring, 'ask', [JSON.stringify(questions)])) as Answer[];
    return answers.map(({ body }) => body);
  }

  /** Load from the ingress namespace through the Service, until it is ended. */
  startLoad(order: LoadOrder): { end: () => Promise<LoadReport> } {
    const whole = {
      ...{ askers: 0, pauseMs: 100, streamers: 0, events: 1, everyMs: 0, retries: 0 },
      ...order,
      url: chatUrl(serviceHost),
      model,
      headers: { authorization: `Bearer ${clientKey}` },
    };
    const running = this.kubectl.start(execArgs(ingress, 'load', [JSON.stringify(whole)]));
    return {
      end: async () => {
        const { exitCode, stdout, stderr } = await running.finish();
        if (exitCode !== 0) throw new Error(`the load ended with code ${exitCode}:\n${stderr}`);
        return JSON.parse(stdout) as LoadReport;
      },
    };
  }

  async #exec(actor: Actor, script: PodScript, args: readonly string[]): Promise<string> {
    return await this.kubectl.mustRun(execArgs(actor, script, args));
  }
}

export const serviceHost = `ai-gateway.${gatewayNamespace}`;

const chatUrl = (host: string): string => `http://${host}:${ports.public.number}/v1/chat/completions`;

function execArgs({ namespace, pod }: Actor, script: PodScript, args: readonly string[]): string[] {
  return ['exec', '-i', '-n', namespace, pod, '--', nodeInImage, '-e', podScript(script), '--', ...args];
}
