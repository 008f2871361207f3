import fc from 'fast-check';
import { isIpv4Mapped, parseCidr } from '../../gateway-app/contract/cidr';
import { AdminAccess } from '../../gateway-app/src/http/admin-access';
import { clientAddress, plainAddress } from '../../gateway-app/src/http/admin-client-address';

const token = 't'.repeat(32);
const authorization = `Bearer ${token}`;

function admits(
  allowlist: string[],
  peer: string | undefined,
  forwardedFor?: string,
  trustedProxyHops = 0,
): boolean {
  const access = new AdminAccess({ tokenFile: 'token', allowlist, trustedProxyHops }, () => token);
  const { refusal } = access.judge(peer, {
    authorization,
    ...(forwardedFor !== undefined && { 'x-forwarded-for': forwardedFor }),
  });
  return refusal === undefined;
}

describe('A block of addresses', () => {
  it.each([
    ['10.0.0.0/8', { address: '10.0.0.0', prefixBits: 8, family: 'ipv4' }],
    ['10.1.2.3/32', { address: '10.1.2.3', prefixBits: 32, family: 'ipv4' }],
    ['0.0.0.0/0', { address: '0.0.0.0', prefixBits: 0, family: 'ipv4' }],
    ['2001:db8::/32', { address: '2001:db8::', prefixBits: 32, family: 'ipv6' }],
    ['::/0', { address: '::', prefixBits: 0, family: 'ipv6' }],
    ['::1/128', { address: '::1', prefixBits: 128, family: 'ipv6' }],
    ['1:2:3:4:5:6:7:8/128', { address: '1:2:3:4:5:6:7:8', prefixBits: 128, family: 'ipv6' }],
  ])('is read from %s', (text, block) => {
    expect(parseCidr(text)).toEqual(block);
  });

  it.each([
    '',
    '10.0.0.0',
    '10.0.0.0/33',
    '10.0.0.0/08',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '010.0.0.0/8',
    '10.1.2.3/8',
    '10.0.0.128/24',
    ' 10.0.0.0/8',
    '2001:db8::/129',
    '2001:db8::1/32',
    '2001:db8:::/32',
    'fe80::%eth0/10',
    'localhost/8',
    '*',
  ])('is not read from %j', (text) => {
    expect(parseCidr(text)).toBeUndefined();
  });

  it.each([
    ['::ffff:10.0.0.0/104', true],
    ['::ffff:a00:0/104', true],
    ['::/0', false],
    ['2001:db8::/32', false],
    ['10.0.0.0/8', false],
  ])('%s is IPv4 within IPv6: %s', (text, mapped) => {
    expect(isIpv4Mapped(parseCidr(text)!)).toBe(mapped);
  });
});

describe('The allowlist', () => {
  it.each<[blocks: string[], peer: string | undefined, admitted: boolean]>([
    [['10.0.0.0/8'], '10.0.0.0', true],
    [['10.0.0.0/8'], '10.255.255.255', true],
    [['10.0.0.0/8'], '11.0.0.0', false],
    [['10.0.0.0/8'], '9.255.255.255', false],
    [['10.1.2.3/32'], '10.1.2.3', true],
    [['10.1.2.3/32'], '10.1.2.4', false],
    [['10.0.0.0/8'], '::ffff:10.1.2.3', true],
    [['10.0.0.0/8'], '::ffff:a01:203', true],
    [['10.0.0.0/8'], '::FFFF:10.1.2.3', true],
    [['10.0.0.0/8'], '0:0:0:0:0:ffff:0a01:0203', true],
    [['10.0.0.0/8'], '::ffff:11.1.2.3', false],
    // Not mapped, only alike.
    [['10.0.0.0/8'], '::10.1.2.3', false],
    [['10.0.0.0/8'], '64:ff9b::10.1.2.3', false],
    [['2001:db8::/32'], '2001:db8::1', true],
    [['2001:db8::/32'], '2001:0DB8:0:0::1', true],
    [['2001:db8::/32'], '2001:db9::1', false],
    [['fe80::/10'], 'fe80::1%eth0', true],
    [['::1/128'], '::1', true],
    [['::1/128'], '127.0.0.1', false],
    [['127.0.0.1/32'], '::1', false],
    // "All of IPv6" is not "all".
    [['::/0'], '2001:db8::1', true],
    [['::/0'], '10.1.2.3', false],
    [['::/0'], '::ffff:10.1.2.3', false],
    [['0.0.0.0/0'], '10.1.2.3', true],
    [['0.0.0.0/0'], '2001:db8::1', false],
    [['192.168.0.0/16', '10.0.0.0/8'], '10.1.2.3', true],
    [['0.0.0.0/0', '::/0'], undefined, false],
    [['0.0.0.0/0', '::/0'], '', false],
    [['0.0.0.0/0', '::/0'], 'unknown', false],
  ])('%j for a peer %s: %s', (blocks, peer, admitted) => {
    expect(admits(blocks, peer)).toBe(admitted);
  });
});

describe('X-Forwarded-For', () => {
  const allowed = ['10.0.0.0/8'];

  it.each<[what: string, hops: number, peer: string, header: string | undefined, admitted: boolean]>([
    ['is not read without proxies', 0, '203.0.113.9', '10.1.2.3', false],
    ['cannot take a right away without proxies', 0, '10.1.2.3', '203.0.113.9', true],
    ['counts from the right: the entry of our one proxy', 1, '203.0.113.9', '10.1.2.3', true],
    ['cannot be forged on the left of it', 1, '10.0.0.1', '10.1.2.3, 203.0.113.9', false],
    ['cannot be forged by many entries', 1, '10.0.0.1', '10.1.2.3, 10.1.2.3, 10.1.2.3, 203.0.113.9', false],
    ['leads through two proxies', 2, '10.0.0.1', '10.1.2.3, 203.0.113.1', true],
    ['cannot be forged before two proxies', 2, '10.0.0.1', '10.1.2.3, 203.0.113.9, 10.0.0.2', false],
    ['must be there where a proxy is said to be', 1, '10.0.0.1', undefined, false],
    ['must not be empty', 1, '10.0.0.1', '', false],
    ['must have passed all proxies', 2, '10.0.0.1', '10.1.2.3', false],
    ['may have blanks', 1, '10.0.0.1', '203.0.113.9 ,  10.1.2.3 ', true],
    ['may name a port', 1, '10.0.0.1', '10.1.2.3:4711', true],
    ['may hold IPv4 in IPv6 form', 1, '10.0.0.1', '::ffff:10.1.2.3', true],
    ['may hold it in brackets with a port', 1, '10.0.0.1', '[::ffff:10.1.2.3]:80', true],
    ['must hold an address', 1, '10.0.0.1', '10.1.2.3, unknown', false],
    ['must hold one whole address', 1, '10.0.0.1', '10.1.2.3, 10.1.2.3.', false],
    ['may not end in a comma', 1, '10.0.0.1', '10.1.2.3,', false],
    ['may not hold a name', 1, '10.0.0.1', '10.1.2.3.example.com', false],
    ['may not hold octal digits', 1, '10.0.0.1', '010.1.2.3', false],
    ['may not hold a number in the place of an address', 1, '10.0.0.1', '167838211', false],
  ])('%s (%i hops, peer %s, %j): %s', (_, hops, peer, header, admitted) => {
    expect(admits(allowed, peer, header, hops)).toBe(admitted);
  });

  it('names, for any number of proxies of ours, what the outermost saw, whatever the client wrote before', () => {
    const noCommas = fc.string({ maxLength: 30 });
    fc.assert(
      fc.property(
        fc.array(noCommas, { maxLength: 5 }),
        fc.ipV4(),
        fc.array(fc.ipV4(), { maxLength: 4 }),
        (forged, client, proxies) => {
          const header = [...forged, client, ...proxies].join(', ');
          expect(clientAddress('192.0.2.1', header, proxies.length + 1)).toBe(client);
        },
      ),
      { seed: 20260103, numRuns: 500 },
    );
  });

  it('never makes anything but an address or nothing of what stands there', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 3 }), (header, hops) => {
        const address = clientAddress(header, header, hops);
        expect(address === undefined || plainAddress(address) === address).toBe(true);
      }),
      { seed: 20260104, numRuns: 1000 },
    );
  });
});
