/** Runs inside a pod: tries TCP connections to all of `host:port ...` at once and prints what became of each, as JSON. */
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';

const limitMs = 3_000;

async function dial(target: string): Promise<string> {
  const [host = '', port = ''] = target.split(':');
  try {
    const { address } = await lookup(host);
    return await new Promise<string>((resolve) => {
      const socket = connect(Number(port), address);
      const end = (outcome: string): void => {
        socket.destroy();
        resolve(outcome);
      };
      socket.setTimeout(limitMs, () => {
        end('no answer');
      });
      socket.on('connect', () => {
        end('open');
      });
      socket.on('error', (error: NodeJS.ErrnoException) => {
        end(error.code ?? error.message);
      });
    });
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

void Promise.all(process.argv.slice(1).map(dial)).then((outcomes) => {
  process.stdout.write(JSON.stringify(outcomes));
});
