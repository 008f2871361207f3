import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/**
 * Argo CD prunes what is no longer in the repository. A namespace takes all that it holds with it, keys and claims of
 * others included, so an empty folder or a renamed namespace must not be enough: a person deletes it.
 */
export function keepNamespaces(scope: Construct): void {
  for (const object of scope.node.findAll()) {
    if (!(object instanceof ApiObject) || object.kind !== 'Namespace') continue;
    object.metadata.addAnnotation('argocd.argoproj.io/sync-options', 'Prune=false,Delete=false');
  }
}
