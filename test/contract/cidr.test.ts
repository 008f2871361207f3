import { cidrHolds, parseCidr } from '../../gateway-app/contract/cidr';

const holds = (outer: string, inner: string) => cidrHolds(parseCidr(outer)!, parseCidr(inner)!);

it.each([
  ['10.0.0.0/8', '10.1.2.0/24'],
  ['10.0.0.0/8', '10.0.0.0/8'],
  ['0.0.0.0/0', '203.0.113.7/32'],
  ['10.0.0.0/23', '10.0.1.0/24'],
  ['2001:db8::/32', '2001:db8:5::/48'],
  ['::/0', '::1/128'],
])('%s holds %s', (outer, inner) => {
  expect(holds(outer, inner)).toBe(true);
});

it.each([
  ['10.1.2.0/24', '10.0.0.0/8'],
  ['10.0.0.0/24', '10.0.1.0/24'],
  ['2001:db8::/32', '2001:db9::/32'],
  ['::/0', '10.0.0.0/8'],
  ['0.0.0.0/0', '::/0'],
])('%s does not hold %s', (outer, inner) => {
  expect(holds(outer, inner)).toBe(false);
});
