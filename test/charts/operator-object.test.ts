import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { addOperatorObject } from '../../charts/kit/operator-object';
import { chartManifests } from './gateway-chart';

const monitor = (interval: string) =>
  new ServiceMonitor({ metadata: { name: 'm' }, spec: { selector: {}, endpoints: [{ interval }] } });

it('adds what the operator accepts', () => {
  const manifests = chartManifests((chart) => {
    addOperatorObject(chart, 'monitor', monitor('15s'));
  });
  expect(manifests).toMatchObject([{ kind: 'ServiceMonitor', spec: { endpoints: [{ interval: '15s' }] } }]);
});

it('refuses at synth what the API server would refuse later', () => {
  expect(() =>
    chartManifests((chart) => {
      addOperatorObject(chart, 'monitor', monitor('often'));
    }),
  ).toThrow(
    /ServiceMonitor "monitor" does not follow the schema.*interval.*API server would refuse it\. Fix:/s,
  );
});
