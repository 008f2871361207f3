import { broken, brokenAt, kept, type Cases } from '../case';
import { image } from '../deployment';

const at = 'containers[0].image';
const digest = image.slice(image.indexOf('@'));
const named = (name: string) => broken(name, { [at]: name });
const resources = 'containers[0].resources';

export const container: Cases = {
  'image-tag-and-digest': {
    violating: [
      named('registry.example/gateway:1.0.0'),
      named(`registry.example/gateway${digest}`),
      named('registry.example/gateway:1.0.0@sha256:abc'),
      named(`registry.example:5000/gateway${digest}`),
    ],
    passing: [kept('a registry with a port', { [at]: `registry.example:5000/gateway:1${digest}` })],
  },
  'image-not-latest': {
    violating: [named(`registry.example/gateway:latest${digest}`)],
    passing: [kept('a version', { [at]: `registry.example/gateway:v1${digest}` })],
  },
  'image-registry': {
    violating: [named(`gateway:1${digest}`), named(`library/gateway:1${digest}`)],
    passing: [kept('a local registry', { [at]: `localhost/gateway:1${digest}` })],
  },
  'image-pull-policy': {
    violating: ['Always', 'Never'].map((policy) =>
      broken(policy, { 'containers[0].imagePullPolicy': policy }),
    ),
    passing: [kept('IfNotPresent', { 'containers[0].imagePullPolicy': 'IfNotPresent' })],
  },
  'resource-requests-and-limits': {
    violating: [
      broken('no CPU limit', { [`${resources}.limits.cpu`]: undefined }),
      brokenAt(
        'no memory request',
        { [`${resources}.requests.memory`]: undefined },
        {
          [`${resources}.requests.memory`]: undefined,
        },
      ),
      broken('no storage', { [`${resources}.limits.ephemeral-storage`]: '0' }),
      broken('a quantity that is none', { [`initContainers[0].resources.requests.cpu`]: 'half' }),
    ],
    passing: [kept('other ways to write them', { [`${resources}.requests.cpu`]: 0.5 })],
  },
  'memory-request-equals-limit': {
    violating: [broken('half of it', { [`${resources}.requests.memory`]: '256Mi' })],
    passing: [kept('the same in another unit', { [`${resources}.requests.memory`]: '536870912' })],
  },
  'bounded-empty-dirs': {
    violating: [
      brokenAt(
        'no limit',
        { volumes: [{ name: 'tmp', emptyDir: {} }] },
        {
          'volumes[0].emptyDir.sizeLimit': undefined,
        },
      ),
    ],
    passing: [kept('memory with a limit', { 'volumes[0].emptyDir': { medium: 'Memory', sizeLimit: '1Mi' } })],
  },
  'no-sub-path': {
    violating: ['subPath', 'subPathExpr'].map((key) =>
      brokenAt(
        key,
        { 'containers[0].volumeMounts': [{ name: 'tmp', mountPath: '/a', [key]: 'a' }] },
        {
          [`containers[0].volumeMounts[0].${key}`]: 'a',
        },
      ),
    ),
    passing: [kept('a folder', { 'containers[0].volumeMounts': [{ name: 'tmp', mountPath: '/a' }] })],
  },
  'all-probes': {
    violating: [
      broken('no startup probe', { 'containers[0].startupProbe': undefined }),
      broken('no readiness probe', { 'containers[0].readinessProbe': undefined }),
      broken('a liveness probe that asks nothing', { 'containers[0].livenessProbe': { periodSeconds: 3 } }),
    ],
    passing: [
      kept('a probe that runs a program', { 'containers[0].startupProbe': { exec: { command: ['a'] } } }),
    ],
  },
  'liveness-apart-from-readiness': {
    violating: [
      brokenAt(
        'the same path',
        { 'containers[0].livenessProbe.httpGet.path': '/ready' },
        {
          'containers[0].livenessProbe': { httpGet: { path: '/ready', port: 'http' } },
        },
      ),
    ],
    passing: [
      kept('startup like readiness', {
        'containers[0].startupProbe': { httpGet: { path: '/ready', port: 'http' } },
      }),
    ],
  },
  'probes-on-declared-ports': {
    violating: [
      broken('a name that no port has', { 'containers[0].readinessProbe.httpGet.port': 'https' }),
      broken('a number that no port has', { 'containers[0].livenessProbe.httpGet.port': 9999 }),
    ],
    passing: [kept('the number of a port', { 'containers[0].livenessProbe.httpGet.port': 8080 })],
  },
  'priority-class': {
    violating: [
      broken('none', { priorityClassName: undefined }),
      broken('an empty one', { priorityClassName: '' }),
    ],
    passing: [kept('one of the cluster', { priorityClassName: 'system-cluster-critical' })],
  },
  'low-ndots': {
    violating: [
      brokenAt('the default', { dnsConfig: undefined }, { 'dnsConfig.options': undefined }),
      broken('the default, written out', { 'dnsConfig.options[0].value': '5' }),
      broken('no value', { 'dnsConfig.options[0].value': undefined }),
    ],
    passing: [kept('1', { 'dnsConfig.options[0].value': '1' })],
  },
};
