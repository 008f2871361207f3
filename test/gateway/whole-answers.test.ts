import { answersBytes, completion, startFakeProvider, type FakeProvider } from '../support/fake-provider';
import { jsonOf } from '../support/json';
import { configFor, postChat, startGateway, type RunningGateway } from '../support/running-gateway';

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

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const whole = JSON.stringify(completion('Hello'));
const usage = '"usage":{"prompt_tokens":1,"completion_tokens":1}';
const withLength = (body: string): string => `${head}Content-Length: ${body.length}\r\n\r\n${body}`;
const untilTheEnd = (body: string): string => `${head}Connection: close\r\n\r\n${body}`;

describe('A JSON answer of a provider', () => {
  it.each([
    ['ends with the connection and was cut at an inner brace', untilTheEnd(`{${usage},"choices":[{"a":{}}`)],
    ['ends with the connection and was cut within its usage', untilTheEnd(whole.slice(0, -1))],
    ['is none but for its braces', withLength('{ this is not json }')],
    ['was cut by a proxy that counted what was left', withLength('{"choices":[{"message":{}}')],
  ])('that %s is an error, and none of it reaches the client', async (_, bytes) => {
    provider.behave(answersBytes(bytes));
    const response = await postChat(gateway);
    expect(response.status).toBe(502);
    expect(await jsonOf(response)).toMatchObject({ error: { code: 'provider_invalid_response' } });
  });

  it('that ends with the connection is passed on where it is whole', async () => {
    provider.behave(answersBytes(untilTheEnd(whole)));
    const response = await postChat(gateway);
    expect(response.status).toBe(200);
    expect(await response.text()).toBe(whole);
  });
});
