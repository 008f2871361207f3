import {
  differences,
  differingFields,
  e2eEnvironment,
  gatewayNamespace,
} from '../../support/e2e/environment';
import production from '../../../charts/config/environments/production';
import { seconds, type Figures } from '../../support/e2e/figures';
import { serviceHost } from '../../support/e2e/actors';
import { type GatewayCluster, minReplicas } from '../../support/e2e/gateway-cluster';

export function serving(figures: Figures, cluster: GatewayCluster): void {
  describe('applied as synthesized', () => {
    it('differs from the reference only in the listed fields', () => {
      const listed = Object.keys(differences);
      const differing = differingFields(production, e2eEnvironment());
      expect(differing).not.toEqual([]);
      expect(differing.filter((field) => !listed.some((name) => `${field}.`.startsWith(`${name}.`)))).toEqual(
        [],
      );
    });

    figures.property(
      'Pods are Ready under Pod Security `restricted`',
      `${minReplicas} of ${minReplicas}`,
      async () => {
        const pods = await cluster.settled();
        const level = await cluster.kubectl.mustRun([
          ...['get', 'namespace', gatewayNamespace],
          '-o=jsonpath={.metadata.labels.pod-security\\.kubernetes\\.io/enforce}',
        ]);
        expect(level).toBe('restricted');
        expect(pods.map(({ restarts }) => restarts)).toEqual(pods.map(() => 0));
        const readyMs = await slowestStart(cluster);
        return `${pods.length} of ${pods.length}, without a restart; from creation to Ready ${seconds(readyMs)} at most`;
      },
    );
  });

  describe('a client in the ingress namespace', () => {
    figures.property(
      'A client in the ingress namespace gets an answer through the Service',
      '200',
      async () => {
        const [answer] = await cluster.actors.chat([serviceHost]);
        expect(answer).toMatchObject({
          status: 200,
          body: expect.stringContaining('"content":"Bearer first"'),
        });
        return `200, ${answer!.totalMs.toFixed(0)} ms for the first request of a new process`;
      },
    );

    figures.property('It gets a stream piece by piece', '10 pieces over 2 s, none held back', async () => {
      const script = JSON.stringify({ events: 10, everyMs: 200 });
      const [answer] = await cluster.actors.chat([serviceHost], {
        stream: true,
        messages: [{ role: 'user', content: script }],
      });
      expect(answer).toMatchObject({ status: 200, body: expect.stringMatching(/data: \[DONE\]\n\n$/) });
      expect(answer!.body.split('piece ').length - 1).toBe(10);
      // Held back until the end, the first byte would come with the last.
      expect(answer!.firstByteMs).toBeLessThan(answer!.totalMs / 2);
      expect(answer!.chunks).toBeGreaterThan(5);
      return `10 pieces in ${answer!.chunks} reads; first byte after ${seconds(answer!.firstByteMs)} of ${seconds(answer!.totalMs)}`;
    });

    figures.property('A wrong key is refused', '401', async () => {
      const [answer] = await cluster.actors.chat([serviceHost], {}, 'gw-of-nobody');
      expect(answer?.status).toBe(401);
      return '401';
    });
  });
}

interface Timed {
  readonly metadata: { readonly creationTimestamp: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly lastTransitionTime: string }[];
  };
}

async function slowestStart({ kubectl }: GatewayCluster): Promise<number> {
  const { items } = JSON.parse(await kubectl.mustRun(['get', 'pod', '-n', gatewayNamespace, '-o=json'])) as {
    readonly items: readonly Timed[];
  };
  const startsMs = items.map(({ metadata, status }) => {
    const ready = status.conditions.find(({ type }) => type === 'Ready');
    return Date.parse(ready?.lastTransitionTime ?? '') - Date.parse(metadata.creationTimestamp);
  });
  return Math.max(...startsMs);
}
