import { fileNames } from '../../charts/output/file-name';

const object = (apiVersion: string, kind: string, name: string, namespace?: string) => ({
  apiVersion,
  kind,
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
});

it('gives objects of one kind and name, but of several groups or namespaces, files of their own', () => {
  const manifests = [
    object('gateway.networking.k8s.io/v1', 'Gateway', 'edge', 'a'),
    object('networking.istio.io/v1', 'Gateway', 'edge', 'a'),
    object('v1', 'Service', 'edge', 'a'),
    object('v1', 'Service', 'edge', 'b'),
    object('v1', 'Service', 'other', 'b'),
  ];
  const names = fileNames(manifests);
  expect([...names.keys()]).toEqual([
    '60-gateway-edge-gateway.networking.k8s.io-a.yaml',
    '60-gateway-edge-networking.istio.io-a.yaml',
    '40-service-edge-v1-a.yaml',
    '40-service-edge-v1-b.yaml',
    '40-service-other.yaml',
  ]);
  expect([...names.values()]).toEqual(manifests);
});
