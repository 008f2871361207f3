import { main } from '../../gateway-app/src/main';
import { contractTimings, type Timings } from '../../gateway-app/src/core/timings';

/** The real program with a shutdown of its own speed, as JSON in the first argument. */
const shutdown = JSON.parse(process.argv[2] ?? '{}') as Partial<Timings['shutdown']>;
main(process.env, { ...contractTimings, shutdown: { ...contractTimings.shutdown, ...shutdown } }).catch(
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exit(1);
  },
);
