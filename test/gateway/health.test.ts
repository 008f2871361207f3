import { configFor, startGateway, type RunningGateway } from '../support/running-gateway';
import { RawClient } from '../support/raw-client';
import { jsonOf } from '../support/json';

let gateway: RunningGateway;

beforeEach(async () => {
  // Nobody listens at the provider's address: health must not care.
  gateway = await startGateway({ config: configFor('http://127.0.0.1:1/v1') });
});

afterEach(() => gateway.close());

describe('The health checks', () => {
  it.each(['/health/live', '/health/ready'])('%s says ok while no provider can be reached', async (path) => {
    const response = await fetch(gateway.url + path);
    expect(response.status).toBe(200);
    expect(await jsonOf(response)).toEqual({ status: 'ok' });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('answer HEAD, and a query changes nothing', async () => {
    expect((await fetch(`${gateway.url}/health/live?x=1`, { method: 'HEAD' })).status).toBe(200);
  });

  it('say during a drain that the process lives but is not ready', async () => {
    const client = await RawClient.connect(gateway.url);
    void gateway.app.drain.run();
    client.send('GET /health/ready HTTP/1.1\r\nHost: a\r\n\r\n');
    expect(await client.untilClosed()).toMatch(/^HTTP\/1.1 503 [\s\S]*\{"status":"draining"\}$/);
    const live = await fetch(`${gateway.url}/health/live`);
    expect(live.status).toBe(200);
    gateway.app.drain.hasten();
  });
});
