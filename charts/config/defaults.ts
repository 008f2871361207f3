import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';

/** Every default of the input, once. A `@default` in a doc comment names the entry here that it stands for. */
export const defaults = {
  name: 'ai-gateway',
  namespace: 'ai-gateway',
  logLevel: 'info',
  cpuRequest: Cpu.millis(500),
  cpuLimit: Cpu.millis(2000),
  memoryRequest: Size.gibibytes(2),
  memoryLimit: Size.gibibytes(2),
  ephemeralStorageRequest: Size.mebibytes(64),
  ephemeralStorageLimit: Size.mebibytes(256),
  minReplicas: 2,
  maxReplicas: 20,
  targetCpuPercent: 70,
  ingressNamespace: 'istio-system',
  monitoringNamespace: 'monitoring',
  scrapeInterval: Duration.seconds(15),
  runbookBaseUrl: 'docs/runbooks',
  errorRatio: 0.05,
  errorRatioFor: Duration.minutes(5),
  overheadP99: Duration.seconds(1),
  overheadP99For: Duration.minutes(10),
  firstTokenP95: Duration.seconds(5),
  firstTokenP95For: Duration.minutes(15),
  sloPeriod: Duration.days(30),
  retention: Duration.days(31),
  healthCheckInterval: Duration.seconds(10),
  failureThreshold: 3,
  recordTtl: Duration.seconds(60),
} as const;
