/**
 * Runs inside the gateway's container: ends the gateway at once, without a drain. The kernel takes no signal that kills
 * the first process of a container from within, so Node.js is asked through its inspector, which SIGUSR1 opens.
 */
import { setTimeout as sleep } from 'node:timers/promises';

const limitMs = 10_000;

async function inspectorUrl(): Promise<string> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    try {
      const targets = (await (await fetch('http://127.0.0.1:9229/json')).json()) as {
        readonly webSocketDebuggerUrl: string;
      }[];
      return targets[0]?.webSocketDebuggerUrl ?? '';
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(50);
    }
  }
}

async function crash(): Promise<void> {
  process.kill(1, 'SIGUSR1');
  const socket = new WebSocket(await inspectorUrl());
  socket.onopen = () => {
    // Not at once: Node.js does not end before its debugger has gone.
    const params = { expression: 'void setTimeout(() => process.reallyExit(1), 200)' };
    socket.send(JSON.stringify({ id: 1, method: 'Runtime.evaluate', params }));
  };
  socket.onmessage = () => {
    socket.close();
  };
}

void crash();
