import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import {
  beginStream,
  chunkEvent,
  done,
  startFakeProvider,
  streams,
  streamsThenHangs,
  type FakeProvider,
} from '../support/fake-provider';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';
import { waitFor } from '../support/wait';

let provider: FakeProvider;
let gateway: RunningGateway;

beforeEach(async () => {
  provider = await startFakeProvider();
  gateway = await startGateway({ config: configFor(provider.baseUrl) });
});

afterEach(async () => {
  await gateway.close();
  await provider.close();
});

const errorEvent = 'data: {"error":{"message":"out of memory","type":"server_error"}}\n\n';
const outcomes = (outcome: string): Promise<number> =>
  gateway.metric('gateway_streams_total', { provider: 'up', outcome });

async function streamed(): Promise<string> {
  return (await postChat(gateway, { stream: true })).text();
}

describe("A provider's error within a stream", () => {
  it.each([
    ['in one piece with [DONE]', streams(chunkEvent('a'), errorEvent + done), errorEvent],
    ['before [DONE]', streams(chunkEvent('a'), errorEvent, done), errorEvent],
    ['before more of the answer', streams(chunkEvent('a'), errorEvent, chunkEvent('b'), done), errorEvent],
    ['before a hang', streamsThenHangs(chunkEvent('a'), errorEvent), errorEvent],
    ['as a text', streams(chunkEvent('a'), 'data: {"error":"no"}\n\n', done), 'data: {"error":"no"}\n\n'],
    [
      'beside a piece of the answer',
      streams(chunkEvent('a'), 'data: {"error":{"code":502},"choices":[{"delta":{"content":""}}]}\n\n', done),
      'data: {"error":{"code":502},"choices":[{"delta":{"content":""}}]}\n\n',
    ],
  ])('%s is the last that the client hears, and the stream has not finished', async (_, behaviour, last) => {
    provider.behave(behaviour);
    expect(await streamed()).toBe(chunkEvent('a') + last);
    await waitFor('the outcome', async () => (await outcomes('cut')) === 1);
    expect(await outcomes('finished')).toBe(0);
    expect(gateway.requestLine()).toMatchObject({
      outcome: 'cut',
      errorCode: 'provider_error',
      errorSource: 'provider',
    });
  });

  it('is none where the field is null', async () => {
    const piece = 'data: {"error":null,"choices":[{"delta":{"content":"a"}}]}\n\n';
    provider.behave(streams(piece, done));
    expect(await streamed()).toBe(piece + done);
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
  });
});

describe('The end of a stream', () => {
  it('reaches the client at once, though the provider leaves its own answer open', async () => {
    provider.behave(streamsThenHangs(chunkEvent('a'), done));
    expect(await streamed()).toBe(chunkEvent('a') + done);
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
    expect(await gateway.metric('gateway_upstream_requests_total', { status: '200' })).toBe(1);
    await provider.closeOf(0);
  });

  it.each([
    ['in the same piece', streams(chunkEvent('a') + done + chunkEvent('late') + done)],
    ['later', streams(chunkEvent('a'), done, chunkEvent('late'), done)],
    ['without an end', streamsThenHangs(chunkEvent('a'), done, chunkEvent('late'))],
  ])('is followed by nothing, whatever the provider sends %s', async (_, behaviour) => {
    provider.behave(behaviour);
    expect(await streamed()).toBe(chunkEvent('a') + done);
    await waitFor('the outcome', async () => (await outcomes('finished')) === 1);
  });

  it('leaves the connection for the next request where the provider ends its answer soon after', async () => {
    const sockets = new Set<Socket | null>();
    let open: ServerResponse | undefined;
    provider.behave((response) => {
      sockets.add(response.socket);
      beginStream(response);
      response.write(chunkEvent('a') + done);
      open = response;
    });
    for (let request = 0; request < 2; request += 1) {
      expect(await streamed()).toBe(chunkEvent('a') + done);
      const ended = once(open!, 'finish');
      open!.end();
      await ended;
      await waitFor('the outcome', async () => (await outcomes('finished')) === request + 1);
    }
    expect(sockets.size).toBe(1);
  });
});
