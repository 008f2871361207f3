import { main } from '../../gateway-app/src/main';
import { fasterTimings, type GatewayOptions } from './running-gateway';

/** The real program with timings of its own, as JSON in the first argument. */
const timings = fasterTimings(JSON.parse(process.argv[2] ?? '{}') as GatewayOptions['timings']);
main(process.env, timings).catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
