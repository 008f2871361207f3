import { errorCodes, faultDomains, type ErrorDefinition } from '../../gateway-app/contract/error-codes';
import { headers, rateLimitHeaders } from '../../gateway-app/contract/headers';
import { labelValues, metrics, type Metric } from '../../gateway-app/contract/metrics';

const catalogue: [string, Metric][] = Object.values(metrics).map((metric) => [metric.name, metric]);

describe('The metric', () => {
  const suffixes: Record<Metric['unit'], RegExp> = {
    seconds: /_seconds(_total)?$/,
    bytes: /_bytes(_total)?$/,
    timestamp: /_seconds$/,
    ratio: /^(?!.*_(total|seconds|bytes|percent)$)/,
    count: /^(?!.*_(seconds|bytes|ratio|usd)(_total)?$)/,
    usd: /_usd_total$/,
  };

  it.each(catalogue)('%s follows the naming of Prometheus', (name, { type, unit }) => {
    expect(name).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)+$/);
    expect(name).toMatch(/^(gateway|process|nodejs)_/);
    expect(name).toMatch(suffixes[unit]);
    expect(name.endsWith('_total')).toBe(type === 'counter');
    expect(name).not.toMatch(/_(bucket|sum|count)$/);
    expect(name).not.toMatch(/milli|micro/);
  });

  it.each(catalogue)(
    '%s has a help that is a sentence, and labels that are names',
    (_name, { help, labels }) => {
      expect(help).toMatch(/^[A-Z0-9].*\.$/);
      expect(help).not.toContain('\n');
      expect(new Set(labels).size).toBe(labels.length);
      for (const label of labels) {
        expect(label).toMatch(/^[a-z][a-z_]*$/);
        expect(['le', 'quantile', 'job', 'instance', 'key', 'user', 'path']).not.toContain(label);
      }
    },
  );

  it.each(catalogue)('%s has ascending buckets exactly if it is a histogram', (_name, { type, buckets }) => {
    expect(buckets !== undefined).toBe(type === 'histogram');
    const bounds = buckets ?? [];
    expect([...bounds].sort((a, b) => a - b)).toEqual(bounds);
    expect(new Set(bounds).size).toBe(bounds.length);
    expect(bounds.every((bound) => bound > 0 && Number.isFinite(bound))).toBe(true);
  });

  it('names are unique', () => {
    expect(new Set(catalogue.map(([name]) => name)).size).toBe(catalogue.length);
  });

  it('statuses that are counted by class are still found by a pattern of digits or letters', () => {
    for (const label of labelValues.statusClass) expect(label).toMatch(/^[2-5]..$/);
    expect(new Set(labelValues.providerStatus).size).toBe(labelValues.providerStatus.length);
  });

  it('the overhead objective of 100 ms is an exact bucket', () => {
    expect(metrics.overheadDuration.buckets).toContain(0.1);
  });
});

describe('The error', () => {
  const errors = Object.entries<ErrorDefinition>(errorCodes);

  it.each(errors)('%s has a status that fits whose fault it is', (_code, { status, domain }) => {
    expect(faultDomains).toContain(domain);
    const isClientStatus = status >= 400 && status < 500;
    expect(isClientStatus).toBe(domain === 'client' || domain === 'policy');
    expect(status).toBeLessThan(600);
  });

  it.each(errors)('%s has a code, a sentence and a type for each dialect', (code, { message, type }) => {
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(message).toMatch(/^[A-Z].*[.]$/);
    expect(type.openai).toMatch(/^[a-z_]+$/);
    // The types that Anthropic documents; its SDK's users branch on them.
    expect([
      'invalid_request_error',
      'authentication_error',
      'permission_error',
      'not_found_error',
      'request_too_large',
      'rate_limit_error',
      'api_error',
      'overloaded_error',
      'timeout_error',
      'billing_error',
    ]).toContain(type.anthropic);
  });

  it.each(errors)('%s tells no host, path or product of the inside', (_code, { message }) => {
    expect(message).not.toMatch(/node|undici|redis|localhost|\d+\.\d+|\/etc/i);
  });
});

describe('The headers', () => {
  it('are in lower case, as node:http delivers them', () => {
    const limits = Object.values(rateLimitHeaders).flatMap((names) => Object.values(names));
    for (const name of [...Object.values(headers), ...limits]) expect(name).toBe(name.toLowerCase());
  });
});
