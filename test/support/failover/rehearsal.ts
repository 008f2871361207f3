import { synthesize } from '../../../charts';
import production from '../../../charts/config/environments/production';
import { selfSigned } from '../certificate';
import { waitFor } from '../wait';
import { FailoverClient } from './client';
import { DnsServer } from './dns-server';
import { HealthCheckers } from './health-checkers';
import { TestRegion } from './region';
import { type HealthCheck, Route53Zone } from './route53';

/** All times in seconds of true time, whatever the scale was. */
export interface Rehearsal {
  readonly scale: number;
  readonly clients: number;
  /** What the synth computes for the manifests that were rehearsed. */
  readonly computed: { readonly detection: number; readonly ttl: number; readonly total: number };
  readonly failover: Move;
  /** How often the name led elsewhere while the lost region came and went. */
  readonly changesWhileFlapping: number;
  readonly failBack: Move;
}

export interface Move {
  /** From the loss, or the return, until the name led elsewhere. */
  readonly detected: number;
  /** Until the first client, and the last, was served there. */
  readonly fastest: number;
  readonly slowest: number;
  readonly requests: number;
  readonly failed: number;
}

const clientCount = 12;
const domain = 'example.com';

/**
 * Loses the primary region, lets it come and go, brings it back, and watches what clients see. The manifests are those of
 * the reference; in the place of Route 53 stand health checkers and a name server that read them.
 *
 * @param scale 1 for true time; 0.1 lets a second stand for ten.
 */
export async function rehearse(scale: number): Promise<Rehearsal> {
  const cleanUps: (() => Promise<void>)[] = [];
  try {
    return await run(scale, (cleanUp) => cleanUps.push(cleanUp));
  } finally {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }
}

async function run(scale: number, atEnd: (cleanUp: () => Promise<void>) => void): Promise<Rehearsal> {
  const { folders, report } = synthesize(production);
  const zone = new Route53Zone(folders.find(({ name }) => name === 'global')?.manifests ?? [], domain);
  const host = production.host ?? '';
  const { detectionSeconds = 0, ttlSeconds = 0, totalSeconds = 0 } = report.failover ?? {};
  const clockMs = (seconds: number) => seconds * 1000 * scale;

  const hosts = zone.checks.map((check) => check.host);
  const certificate = selfSigned([host, ...hosts]);
  const regions: TestRegion[] = [];
  while (regions.length < hosts.length) {
    const region = await TestRegion.start(certificate);
    atEnd(() => region.close());
    regions.push(region);
  }
  const portOf = (name: string) => regions[hosts.indexOf(name)]?.port ?? 0;
  const [primary] = regions;
  const [check] = zone.checks;
  if (primary === undefined || check === undefined) throw new Error('The manifests check no region.');

  const checkers = new HealthCheckers({ checks: zone.checks, portOf, certificate: certificate.cert, scale });
  atEnd(() => checkers.stop());
  const answer = (name: string) => {
    const found = zone.answer(name, (check) => checkers.isHealthy(check));
    // Whole seconds: the unit of DNS.
    return found && { ...found, ttlSeconds: Math.max(1, Math.round(found.ttlSeconds * scale)) };
  };
  const dns = await DnsServer.start(answer);
  atEnd(() => dns.close());
  const options = {
    host,
    dnsPort: dns.port,
    portOf,
    certificate: certificate.cert,
    periodMs: Math.max(200, clockMs(1)),
    timeoutMs: 5_000,
  };
  const clients = Array.from({ length: clientCount }, (_, index) => {
    const client = new FailoverClient(options, (clockMs(ttlSeconds) * index) / clientCount);
    atEnd(() => client.stop());
    return client;
  });

  const allAt = async (isThere: (to: string) => boolean): Promise<readonly number[]> =>
    await waitFor(
      'all clients to be served there',
      () => arrivals(clients, isThere),
      clockMs(3 * totalSeconds) + 20_000,
    );
  const move = async (isThere: (to: string) => boolean, since: number): Promise<Move> => {
    const leadsThere = () => isThere(answer(host)?.canonicalName ?? '');
    await waitFor('the name to lead there', leadsThere, clockMs(3 * totalSeconds) + 20_000);
    const detected = Date.now();
    const arrived = await allAt(isThere);
    const seconds = (time: number) => (time - since) / clockMs(1);
    return {
      detected: seconds(detected),
      fastest: seconds(Math.min(...arrived)),
      slowest: seconds(Math.max(...arrived)),
      requests: clients.flatMap(({ sent }) => sent.filter(({ at }) => at >= since)).length,
      failed: clients.reduce((sum, client) => sum + client.failedSince(since), 0),
    };
  };

  await allAt((to) => to === check.host);
  const lost = Date.now();
  await primary.kill();
  const failover = await move((to) => to !== check.host, lost);

  const before = dns.changes.length;
  await primary.start();
  for (let flap = 0; flap < 3; flap += 1) await comeAndGo(primary, checkers, check);
  await primary.kill();
  const changesWhileFlapping = dns.changes.length - before;

  await primary.start();
  const failBack = await move((to) => to === check.host, Date.now());
  return {
    scale,
    clients: clientCount,
    computed: { detection: detectionSeconds, ttl: ttlSeconds, total: totalSeconds },
    failover,
    changesWhileFlapping,
    failBack,
  };
}

/** Up until some place would need one more good check to believe in it, then down until every place has seen that. */
async function comeAndGo(
  region: TestRegion,
  checkers: HealthCheckers,
  { name, threshold }: HealthCheck,
): Promise<void> {
  const places = () => checkers.places(name);
  await waitFor('a place to find it good', () =>
    places().some(({ otherwise }) => otherwise >= threshold - 1),
  );
  await region.unreachableFor(async () => {
    await waitFor('every place to find it down', () => places().every(({ otherwise }) => otherwise === 0));
  });
}

/** When each client was first served there, once all are. */
function arrivals(
  clients: readonly FailoverClient[],
  isThere: (to: string) => boolean,
): number[] | undefined {
  const found = clients.map(({ sent, last }) => {
    if (last === undefined || !last.succeeded || !isThere(last.to)) return undefined;
    const before = sent.findLastIndex(({ to, succeeded }) => !succeeded || !isThere(to));
    return sent[before + 1]?.at;
  });
  return found.every((arrival) => arrival !== undefined) ? found : undefined;
}
