import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Registry } from './registry';

const resolutionMs = 10;
const nanosecondsPerSecond = 1e9;

/**
 * Fills the `process_*` and `nodejs_*` metrics at each scrape.
 *
 * @returns What stops the measurement of the event loop.
 */
export function collectProcessMetrics(registry: Registry): () => void {
  const { families } = registry;
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  families.processStartTime.series({}).value = (Date.now() - process.uptime() * 1000) / 1000;
  registry.onCollect(() => {
    const { user, system } = process.cpuUsage();
    families.processCpu.series({}).value = (user + system) / 1e6;
    families.processResidentMemory.series({}).value = process.memoryUsage.rss();
    families.heapUsed.series({}).value = process.memoryUsage().heapUsed;
    // The histogram holds the time between two ticks of its own timer; what exceeds the timer's period is the delay.
    const p99Seconds = delay.percentile(99) / nanosecondsPerSecond - resolutionMs / 1000;
    families.eventLoopDelayP99.series({}).value = Math.max(0, p99Seconds);
    delay.reset();
  });
  return () => {
    delay.disable();
  };
}
