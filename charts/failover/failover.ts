import type { Construct } from 'constructs';
import { parseInput } from '../config/parse';
import { failover, type FailoverSettings, type Region } from '../config/schema/regions';
import type { FailoverInput } from '../config/types';
import type { Identity } from '../kit/identity';
import { Route53Region } from './route53-region';

/** How clients get from a region that is down to one that serves. Replace it by a subclass of your own. */
export abstract class Failover {
  /** For the compiler only: by shape alone, one part could stand for another. */
  declare protected readonly part: 'failover';

  /**
   * DNS failover records and health checks in Route 53, through its ACK controller.
   *
   * @throws InvalidInput where the input is not valid.
   */
  static route53(input: FailoverInput): Failover {
    return new Route53(parseInput(failover, input, 'Failover.route53'));
  }

  /**
   * Adds the objects that belong to no region.
   *
   * @param regions The two regions, in any order.
   */
  abstract attach(scope: Construct, identity: Identity, regions: readonly Region[]): void;
}

class Route53 extends Failover {
  constructor(private readonly settings: FailoverSettings) {
    super();
  }

  override attach(scope: Construct, identity: Identity, regions: readonly Region[]): void {
    const highest = Math.max(...regions.map(({ priority }) => priority));
    for (const { region, priority } of regions) {
      new Route53Region(scope, region, {
        identity,
        region,
        role: priority === highest ? 'PRIMARY' : 'SECONDARY',
        settings: this.settings,
      });
    }
  }
}
