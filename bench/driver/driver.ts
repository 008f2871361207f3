/**
 * One process with one client: takes orders, sends the requests and measures itself.
 *
 * Usage: node driver.js IMPLEMENTATION ORIGIN, with the certificate to trust in the environment.
 */
import { Http1Client } from '../../gateway-app/src/upstream/http1/client';
import { UndiciClient } from '../../test/support/upstream/undici-client';
import { paced, requests, soak, streams } from './client-load';
import type { Order } from './messages';

const [implementation, origin = ''] = process.argv.slice(2);
const options = { origin, connectTimeoutMs: 10_000, ca: process.env['CERT'] };
const client =
  implementation === 'http1'
    ? new Http1Client({ ...options, ca: () => options.ca })
    : new UndiciClient(options);

function carryOut(order: Order): Promise<object> {
  switch (order.kind) {
    case 'requests':
      return requests(client, order.seconds);
    case 'paced':
      return paced(client, order.perSecond, order.seconds);
    case 'streams':
      return streams(client, order.streams, order.model);
    case 'soak':
      return soak(client, order.perSecond, order.seconds);
  }
}

process.on('disconnect', () => process.exit());
process.on('message', (order: Order) => {
  void carryOut(order).then((result) => process.send?.(result));
});
