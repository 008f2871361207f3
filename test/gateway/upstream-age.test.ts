import { head } from '../support/upstream/framing-case';
import { makeClient } from '../support/upstream/implementations';
import { post } from '../support/upstream/recording';
import { ScriptedServer } from '../support/upstream/scripted-server';
import { turns } from '../support/turns';
import { waitFor } from '../support/wait';

it('A connection that is old carries no further request, so that a changed address of the host is found', async () => {
  const server = await ScriptedServer.start(async (connection, index) => {
    while (await connection.request()) connection.send(`${head('Content-Length: 1')}${index}`);
  });
  const client = makeClient('http1', { origin: server.origin, maxAgeMs: 200 });
  expect((await post(client)).body).toBe('0');
  await turns(1);
  expect((await post(client)).body).toBe('0');
  await waitFor('another connection', async () => (await post(client)).body === '1');
  await server.connections[0]!.closed;
  await client.destroy();
  await server.close();
});
