import type { Construct } from 'constructs';
import { ports } from '../../../gateway-app/contract/ports';
import { ingressCidrs } from '../../config/schema/entry-admin';
import type { IstioSettings } from '../../config/schema/entry';
import type { EntryEffects } from '../../kit/entry-effects';
import type { WorkloadRef } from '../../kit/workload-ref';
import { addCertificate } from '../certificate';
import type { EntryContext, GatewayEntry } from '../gateway-entry';
import { addCallers } from './callers';
import { addEgress } from './egress';
import { addFront } from './front';
import { meshedPod } from './meshed-pod';

/** Where sidecars fetch their configuration and certificates. */
const controlPlanePort = 15_012;

/** The ingress gateway in front, a sidecar in each pod, and nothing on any port that has not shown who it is. */
export class IstioEntry implements GatewayEntry {
  readonly effects: EntryEffects;
  /** Whom the ingress gateway lets through to `/admin`; undefined where no way leads there. */
  private readonly adminCidrs: readonly string[] | undefined;

  constructor(
    private readonly settings: IstioSettings,
    private readonly context: EntryContext,
  ) {
    const { admin, scrape, controlPlaneNamespace } = settings;
    const { config, ingressNamespace } = context;
    if (admin.kind === 'via-ingress' && config.admin !== undefined) {
      this.adminCidrs = ingressCidrs(admin, config.admin);
    }
    this.effects = {
      pod: meshedPod,
      ingress:
        this.adminCidrs === undefined ? [] : [{ namespace: ingressNamespace, port: ports.admin.number }],
      egress: [{ namespace: controlPlaneNamespace, port: controlPlanePort }],
      ...(scrape.kind === 'plain-text' ? {} : { scrapeCertificateFolder: scrape.certificateFolder }),
    };
  }

  attach(scope: Construct, workload: WorkloadRef): void {
    const { settings, context, adminCidrs } = this;
    const { hosts, ingressNamespace, monitoringNamespace, consumers, config } = context;
    const gatewayLabels = { istio: settings.gatewayLabel };
    const credentialName = addCertificate(scope, {
      identity: workload,
      namespace: ingressNamespace,
      hosts,
      issuer: settings.certificate,
    });
    addFront(scope, workload, {
      hosts,
      gatewayLabels,
      credentialName,
      withAdmin: adminCidrs !== undefined,
      consumers,
    });
    addCallers(scope, workload, {
      hosts,
      ingressNamespace,
      gatewayLabels,
      gatewayServiceAccount: settings.gatewayServiceAccount,
      consumers,
      adminCidrs,
      scraper:
        settings.scrape.kind === 'plain-text'
          ? undefined
          : { namespace: monitoringNamespace, serviceAccount: settings.scrape.serviceAccount },
    });
    addEgress(scope, workload, config);
  }
}
