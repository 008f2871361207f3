import { z } from 'zod';
import { defaults } from '../defaults';
import { duration } from './unit-types';

/** Above 0, and nothing that could only be a slip of the pen. */
const rate = (most: number) => z.number().gt(0).max(most);

export const promises = z.strictObject({
  requestsPerSecond: rate(10_000_000),
  streamDuration: duration().default(defaults.streamDuration),
  tokensPerSecond: rate(10_000).default(defaults.tokensPerSecond),
  lostZones: z.int().min(0).max(9).default(defaults.lostZones),
  capacity: z
    .strictObject({
      requestCpuMicros: rate(1_000_000).default(defaults.requestCpuMicros),
      chunkCpuMicros: rate(1_000_000).default(defaults.chunkCpuMicros),
      busyPercent: z.int().min(1).max(100).default(defaults.busyPercent),
    })
    .prefault({}),
});

export type Promises = z.output<typeof promises>;
