import { env } from '../../gateway-app/contract/env';
import { filePaths, configFileName, apiRoutes, routeIds } from '../../gateway-app/contract/paths';
import { ports } from '../../gateway-app/contract/ports';
import {
  clientTimings,
  configTimings,
  probeTimings,
  requestTimings,
  shutdownTimings,
  terminationGracePeriodSeconds,
  upstreamTimings,
} from '../../gateway-app/contract/timings';

describe('The ladder of timings', () => {
  const { responseHeadersMs, firstTokenMs, connectMs, idleMs, totalMs } = upstreamTimings;
  const { gatewayTotalMs, ingressRouteMs } = requestTimings;
  const { endpointPropagationMs, drainLimitMs, exitMarginMs } = shutdownTimings;
  const { readiness, startup, liveness } = probeTimings;
  const secondsMs = 1_000;

  it.each<[string, number, string, number]>([
    ['connecting', connectMs, 'waiting for headers', responseHeadersMs],
    ['waiting for headers', responseHeadersMs, 'waiting for the first token', firstTokenMs],
    ['waiting for the first token', firstTokenMs, 'the whole exchange', totalMs],
    ['waiting for a chunk', idleMs, 'the whole exchange', totalMs],
    ['the whole exchange', totalMs, "the gateway's limit", gatewayTotalMs],
    ["the gateway's limit", gatewayTotalMs, "the ingress route's", ingressRouteMs],
    ['a TLS handshake', clientTimings.handshakeMs, 'sending headers', clientTimings.headersMs],
    ['sending headers', clientTimings.headersMs, 'sending a request', clientTimings.requestMs],
    ["a proxy's idle connection", clientTimings.proxyKeepAliveMs, "the gateway's", clientTimings.keepAliveMs],
    ['a poll of the configuration', configTimings.pollMs, 'a drain', endpointPropagationMs],
    ['a readiness probe', readiness.timeoutSeconds, 'its period', readiness.periodSeconds],
    ['a liveness probe', liveness.timeoutSeconds, 'its period', liveness.periodSeconds],
  ])('gives %s (%i) less time than %s (%i)', (_lower, lower, _upper, upper) => {
    expect(lower).toBeLessThan(upper);
  });

  it('lets readiness fail before the listener closes', () => {
    const noticedMs = readiness.periodSeconds * readiness.failureThreshold * secondsMs;
    expect(noticedMs).toBeLessThan(endpointPropagationMs);
  });

  it('gives the kubelet no reason to kill before the drain is over', () => {
    const neededMs = endpointPropagationMs + drainLimitMs + exitMarginMs;
    expect(terminationGracePeriodSeconds * secondsMs).toBeGreaterThanOrEqual(neededMs);
    expect(Number.isInteger(terminationGracePeriodSeconds)).toBe(true);
  });

  it('starts up within the time that a rollout waits, and asks often', () => {
    expect(startup.periodSeconds * startup.failureThreshold).toBeGreaterThanOrEqual(30);
    expect(startup.periodSeconds).toBeLessThanOrEqual(readiness.periodSeconds);
  });
});

describe('The ports', () => {
  it('differ, and need no privilege', () => {
    const numbers = Object.values(ports).map(({ number }) => number);
    expect(new Set(numbers).size).toBe(numbers.length);
    for (const number of numbers) expect(number).toBeGreaterThan(1023);
  });

  it('have names that Kubernetes takes', () => {
    for (const { name } of Object.values(ports)) expect(name).toMatch(/^[a-z]([a-z0-9-]{0,13}[a-z0-9])?$/);
  });
});

describe('The paths and variables', () => {
  it('name one configuration file', () => {
    expect(filePaths.configFile).toBe(`${filePaths.configDirectory}/${configFileName}`);
    expect(env.configFile.default).toBe(filePaths.configFile);
  });

  it('have one route per path, and a route for all others', () => {
    expect(new Set(apiRoutes.map(({ path }) => path)).size).toBe(apiRoutes.length);
    expect(routeIds).toContain('other');
    expect(new Set(routeIds).size).toBe(routeIds.length);
  });

  it('have one variable per setting', () => {
    const names = Object.values(env).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^[A-Z][A-Z_]*$/);
  });
});
