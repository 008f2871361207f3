import { apiRoutes, type Operation } from '../../contract/paths';
import { GatewayError } from '../core/gateway-error';

const paths = new Map(apiRoutes.map(({ id, path }) => [id, path]));

/** Ends the request: no part of the provider's API answers it. */
export function unsupportedOperation(operation: Operation, kind: string): never {
  throw new GatewayError('unsupported_by_provider', {
    param: 'model',
    detail: `A provider of kind "${kind}" has no equal for ${paths.get(operation) ?? operation}: choose another model.`,
  });
}
