import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describeWith } from '../support/programs';
import { RedisServer } from '../support/redis-server';
import type { ClaimOrder, ClaimReport } from './store-claimant';
import { tenant } from './store-support';

const processes = 4;

describeWith(['redis-server'], 'four processes on one Redis', () => {
  let server: RedisServer;
  let children: ChildProcess[] = [];

  beforeAll(async () => {
    server = await RedisServer.start();
  });

  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  afterAll(async () => {
    await server.kill();
  });

  const start = async (order: ClaimOrder): Promise<ChildProcess[]> => {
    children = Array.from({ length: processes }, () =>
      fork(join(__dirname, 'store-claimant.ts'), [JSON.stringify(order)], {
        execArgv: ['-r', 'ts-node/register/transpile-only'],
      }),
    );
    await Promise.all(children.map((child) => once(child, 'message')));
    return children;
  };

  /** Lets all claim at once. */
  const race = (claimants: ChildProcess[]): Promise<ClaimReport[]> => {
    const reports = claimants.map(async (child) => {
      const [report] = (await once(child, 'message')) as [ClaimReport];
      return report;
    });
    for (const child of claimants) child.send('go');
    return Promise.all(reports);
  };

  it('admit a burst once, not four times', async () => {
    const limits = tenant({ requests: { perSecond: 0.001, burst: 1_000 } });
    const reports = await race(await start({ port: server.port, limits, claims: 500 }));
    expect(sum(reports.map(({ local }) => local))).toBe(0);
    expect(sum(reports.map(({ admitted }) => admitted))).toBe(1_000);
  }, 60_000);

  it('admit a rate within 1 %', async () => {
    const perSecond = 400;
    const burst = 100;
    const limits = tenant({ requests: { perSecond, burst } });
    const reports = await race(await start({ port: server.port, limits, claims: 4_000 }));
    expect(sum(reports.map(({ local }) => local))).toBe(0);
    const admitted = sum(reports.map(({ admitted }) => admitted));
    const began = reports.map(({ beganMs }) => beganMs);
    const ended = reports.map(({ endedMs }) => endedMs);
    const within = (fromMs: number, toMs: number): number => burst + (perSecond * (toMs - fromMs)) / 1000;
    expect(admitted).toBeLessThanOrEqual(within(Math.min(...began), Math.max(...ended)) * 1.01);
    // While all four were asking, nothing that refilled can have been left.
    expect(admitted).toBeGreaterThanOrEqual(within(Math.max(...began), Math.min(...ended)) * 0.99);
  }, 60_000);
});

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
