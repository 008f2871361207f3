/** The public API: what an app team imports. Nothing inside imports from here. */
export { Autoscaling } from './autoscaling/autoscaling';
export { Dashboards } from './config/dashboards';
export { defaults } from './config/defaults';
export { defineEnvironment, type ModelOf, type TenantOf } from './config/define-environment';
export type * from './config/consumer-types';
export { Delivery } from './config/delivery';
export type * from './config/delivery';
export { Failover } from './config/failover';
export type * from './config/failover';
export { Admin, Entry, MeshScrape } from './config/entry';
export type {
  AdminIngressInput,
  BackendAuthority,
  BackendTlsInput,
  GatewayApiEntryInput,
  IssuerInput,
  IstioEntryInput,
  MeshCertificateInput,
} from './config/entry';
export { Receiver, type SecretKey } from './config/receiver';
export { Scrape } from './config/scrape';
export { GatewayConsumer } from './consumer/gateway-consumer';
export type { GatewayConsumerProps } from './consumer/gateway-consumer-props';
export { Slo, standardSlos } from './config/slo';
export { Store, type InClusterStoreInput } from './config/store';
export type * from './config/types';
export type { Identity } from './kit/identity';
export { SynthError } from './kit/synth-error';
export type { WorkloadRef } from './kit/workload-ref';
export { Monitoring } from './monitoring/monitoring';
export { Network } from './network/network';
export type { Manifest } from './policy/manifest';
export { validateManifests, type PolicyOptions } from './policy/validate-manifests';
export { formatViolation, type Violation } from './policy/violation';
export { Secrets } from './secrets/secrets';
export { AiGateway } from './stacks/ai-gateway';
export type { AiGatewayProps } from './stacks/ai-gateway-props';
export { synthesize, type ManifestFolder, type SynthResult, type SynthesizeOptions } from './synthesize';
export { InvalidInput, type Problem } from '../gateway-app/contract/validate';
