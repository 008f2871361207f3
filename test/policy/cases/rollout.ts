import { accepted, refused, type Cases } from '../case';
import { withChanges, type Changes, type Fields } from '../changes';
import { deployment, podSpec } from '../deployment';
import { workload } from '../objects';

const drain = 'spec.template.metadata.annotations["cdk8s-ai-gateway/drain-seconds"]';
const annotated = (value: unknown, pod: Changes = {}): Fields =>
  withChanges(deployment(pod), { [drain]: value });
const preStop = (hook: Fields): Changes => ({ 'containers[0].lifecycle': { preStop: hook } });
const updated = (kind: string, field: string, type: string): Fields =>
  withChanges(workload('apps/v1', kind, podSpec()), { [`spec.${field}`]: { type } });

export const rollout: Cases = {
  'graceful-shutdown': {
    violating: [
      refused('neither hook nor drain', annotated(undefined), {
        'spec.template.spec.containers[0].lifecycle.preStop': undefined,
      }),
      refused('a drain as long as the grace period', annotated('30'), {
        'spec.template.spec.terminationGracePeriodSeconds': undefined,
      }),
      refused('a drain in words', annotated('long'), { [drain]: 'long' }),
      refused(
        'a hook that outlasts the grace period',
        annotated(undefined, {
          ...preStop({ exec: { command: ['sh', '-c', 'sleep 90'] } }),
          terminationGracePeriodSeconds: 60,
        }),
        { 'spec.template.spec.terminationGracePeriodSeconds': 60 },
      ),
    ],
    passing: [
      accepted('a hook', annotated(undefined, preStop({ sleep: { seconds: 10 } }))),
      accepted('a drain within the grace period', annotated('130', { terminationGracePeriodSeconds: 135 })),
      accepted(
        'a Job, which ends by itself',
        workload('batch/v1', 'Job', podSpec({ restartPolicy: 'Never' })),
      ),
    ],
  },
  'rolling-update': {
    violating: [
      refused('all at once', updated('Deployment', 'strategy', 'Recreate'), {
        'spec.strategy.type': 'Recreate',
      }),
      refused('by hand', updated('StatefulSet', 'updateStrategy', 'OnDelete'), {
        'spec.updateStrategy.type': 'OnDelete',
      }),
    ],
    passing: [accepted('pod by pod', updated('Deployment', 'strategy', 'RollingUpdate'))],
  },
};
