import { Secrets } from '../../charts';
import { annotations } from '../../charts/config/annotations';
import { at, gatewayManifests, minimalProps, only } from './gateway-chart';

const tls = { certFile: 'tls.crt', keyFile: 'tls.key' };
const manifestsWith = (fields: object) =>
  gatewayManifests({
    secrets: Secrets.existing('gateway-secrets'),
    config: { ...minimalProps.config, ...fields },
  });
const deployment = (fields: object) => only(manifestsWith(fields), 'Deployment');
const container = (fields: object) =>
  at(deployment(fields), 'spec', 'template', 'spec', 'containers', '0') as Record<string, unknown>;
const startFingerprint = (fields: object) =>
  at(deployment(fields), 'spec', 'template', 'metadata', 'annotations', annotations.startConfig);

it('TLS in the gateway reaches the probes, the port and the Service', () => {
  const { ports, startupProbe, readinessProbe, livenessProbe } = container({ tls });
  expect(ports).toEqual(expect.arrayContaining([{ name: 'https', containerPort: 8080, protocol: 'TCP' }]));
  for (const probe of [startupProbe, readinessProbe, livenessProbe]) {
    expect(probe).toMatchObject({ httpGet: { port: 'https', scheme: 'HTTPS' } });
  }
  expect(at(only(manifestsWith({ tls }), 'Service'), 'spec', 'ports')).toEqual([
    { name: 'https', port: 8080, targetPort: 'https', protocol: 'TCP', appProtocol: 'https' },
    { name: 'http-admin', port: 9090, targetPort: 'http-admin', protocol: 'TCP', appProtocol: 'http' },
  ]);
});

it('without TLS all of them speak plain HTTP', () => {
  expect(container({})['readinessProbe']).toMatchObject({ httpGet: { port: 'http' } });
  expect(JSON.stringify(container({}))).not.toContain('HTTPS');
  expect(at(only(manifestsWith({}), 'Service'), 'spec', 'ports', '0')).toMatchObject({
    name: 'http',
    appProtocol: 'http',
  });
});

it('a change of TLS brings new pods, since a running one refuses it', () => {
  expect(startFingerprint({ tls })).not.toBe(startFingerprint({}));
  expect(startFingerprint({ tls: { ...tls, minVersion: 'TLSv1.3' } })).not.toBe(startFingerprint({ tls }));
});

it('TLS needs a Secret for its files', () => {
  const config = { ...minimalProps.config, tls };
  expect(() => gatewayManifests({ secrets: Secrets.none(), config })).toThrow(/tls\.crt, tls\.key/);
});
