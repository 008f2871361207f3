import { annotations } from '../../config/annotations';
import { overKinds, overPods, type Check } from '../check';
import type { Field } from '../field';
import { servesUntilStopped, templateOf } from '../pod';

const probes = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;
const actions = ['httpGet', 'tcpSocket', 'grpc', 'exec'] as const;

/** Examines the containers that serve: not those that prepare, and none of a Job. */
function overServing(examine: (container: Field) => readonly Field[]): Check['examine'] {
  return overPods((pod, object) =>
    servesUntilStopped(object) ? pod.get('containers').items.flatMap((container) => examine(container)) : [],
  );
}

export const allProbes: Check = {
  id: 'all-probes',
  title: 'Every container that serves has a startup, a readiness and a liveness probe',
  reason:
    'Without a startup probe a slow start is killed or a fixed delay makes each start slow, without readiness requests reach a pod that cannot answer, and without liveness one that hangs stays.',
  fix: 'Set startupProbe, readinessProbe and livenessProbe. A startupProbe takes the place of initialDelaySeconds.',
  examine: overServing((container) =>
    probes
      .map((probe) => container.get(probe))
      .filter((probe) => !actions.some((key) => probe.get(key).isSet)),
  ),
};

export const livenessApart: Check = {
  id: 'liveness-apart-from-readiness',
  title: 'The liveness probe asks something else than the readiness probe',
  reason:
    'What makes a pod unready, such as a dependency that is down, then also restarts it: an outage elsewhere takes down every pod.',
  fix: 'Let livenessProbe ask a path that answers as long as the process itself is well.',
  examine: overServing((container) => {
    const [, readiness, liveness] = probes.map((probe) => container.get(probe));
    const action = (probe: Field | undefined) => actions.map((key) => probe?.get(key).value);
    const isSame = JSON.stringify(action(readiness)) === JSON.stringify(action(liveness));
    return liveness?.isSet === true && isSame ? [liveness] : [];
  }),
};

export const probesOnDeclaredPorts: Check = {
  id: 'probes-on-declared-ports',
  title: 'Every probe asks a port that its container declares',
  reason: 'The probe asks a port where nobody listens, and no pod ever becomes ready.',
  fix: 'Name the port in the ports of the container, and refer to it by that name.',
  examine: overServing((container) => {
    const declared = container
      .get('ports')
      .items.flatMap((port) => [port.get('name').value, port.get('containerPort').value]);
    return probes
      .flatMap((probe) => actions.map((action) => container.get(probe).get(action).get('port')))
      .filter(({ isSet, value }) => isSet && !declared.includes(value));
  }),
};

/** Kubernetes' own default. */
const defaultGraceSeconds = 30;

/** How long a preStop hook takes: a sleep says it, of any other command it is not known. */
function hookSeconds(hook: Field): number {
  const native = hook.get('sleep').get('seconds').value;
  if (typeof native === 'number') return native;
  const words = hook
    .get('exec')
    .get('command')
    .items.map(({ value }) => String(value));
  return Number(/\bsleep\s+(\d+)/.exec(words.join(' '))?.[1] ?? 0);
}

export const gracefulShutdown: Check = {
  id: 'graceful-shutdown',
  title: 'Every pod that serves ends its requests before it is killed',
  reason:
    'Requests still arrive while the endpoints change, and each rollout cuts what is under way: an answer, a stream, a charge.',
  fix: `Add a preStop hook to each container, or state the drain of the program in the annotation ${annotations.drainSeconds} of the pod, and set terminationGracePeriodSeconds above either.`,
  examine: overPods((pod, object) => {
    if (!servesUntilStopped(object)) return [];
    const grace = pod.get('terminationGracePeriodSeconds');
    const graceSeconds = typeof grace.value === 'number' ? grace.value : defaultGraceSeconds;
    const drain = templateOf(object)?.get('metadata').get('annotations').get(annotations.drainSeconds);
    if (drain?.isSet === true) {
      const isWhole = typeof drain.value === 'string' && /^\d+$/.test(drain.value);
      if (!isWhole) return [drain];
      return Number(drain.value) < graceSeconds ? [] : [grace];
    }
    const hooks = pod.get('containers').items.map((container) => container.get('lifecycle').get('preStop'));
    const missing = hooks.filter(({ isSet }) => !isSet);
    if (missing.length > 0) return missing;
    return hooks.every((hook) => hookSeconds(hook) < graceSeconds) ? [] : [grace];
  }),
};

export const rollingUpdate: Check = {
  id: 'rolling-update',
  title: 'Every workload is replaced pod by pod, by itself',
  reason:
    'Recreate ends every pod before the first new one serves, and OnDelete leaves old pods until someone deletes them.',
  fix: 'Set the type of strategy (of updateStrategy for a StatefulSet or DaemonSet) to RollingUpdate.',
  examine: overKinds(['Deployment.apps', 'StatefulSet.apps', 'DaemonSet.apps'], (object) =>
    [object.get('spec').get('strategy'), object.get('spec').get('updateStrategy')]
      .map((strategy) => strategy.get('type'))
      .filter(({ isSet, value }) => isSet && value !== 'RollingUpdate'),
  ),
};
