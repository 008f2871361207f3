/**
 * The image's pods on a real cluster: `KUBECONFIG=... npm run test:e2e`, and only this command. See docs/e2e.md.
 */
import { Figures } from '../support/e2e/figures';
import { GatewayCluster } from '../support/e2e/gateway-cluster';
import { describeWith } from '../support/programs';
import { change } from './properties/change';
import { disruption } from './properties/disruption';
import { network } from './properties/network';
import { scaling } from './properties/scaling';
import { serving } from './properties/serving';
import { store } from './properties/store';
import { zoneSpread } from './properties/zones';

describeWith(['kubectl'], 'The gateway on a cluster', () => {
  const cluster = new GatewayCluster();
  const figures = new Figures();

  beforeAll(() => cluster.open(), 300_000);
  afterAll(async () => {
    figures.publish();
    await cluster.close();
  }, 400_000);

  serving(figures, cluster);
  network(figures, cluster);
  change(figures, cluster);
  disruption(figures, cluster);
  store(figures, cluster);
  scaling(figures, cluster);
  zoneSpread(figures, cluster);
});
