import { ApiObject, type ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';
import { SynthError } from './synth-error';

/** A model of `@kubernetes-models`: it validates, but is no construct. */
export interface OperatorModel {
  readonly kind: string;
  readonly apiVersion: string;
  validate(): void;
  toJSON(): unknown;
}

/**
 * Adds an object of an operator to the chart after its model has checked types, enums and patterns.
 *
 * @throws SynthError where the model refuses it.
 */
export function addOperatorObject(scope: Construct, id: string, model: OperatorModel): ApiObject {
  try {
    model.validate();
  } catch (error) {
    throw new SynthError(
      `${model.kind} "${id}" does not follow the schema of ${model.apiVersion}: ${String(error)}`,
      'The API server would refuse it.',
      'correct the field that the message names',
    );
  }
  return new ApiObject(scope, id, model.toJSON() as { apiVersion: string; kind: string });
}

/** A generated type as its object is written: an enumeration is its text. */
type Written<T> = T extends string
  ? `${T}`
  : T extends readonly (infer Item)[]
    ? readonly Written<Item>[]
    : T extends object
      ? { readonly [Key in keyof T]: Written<T[Key]> }
      : T;

/**
 * Adds an object of an operator whose type stands in `imports/`, and of which only the type is loaded: the classes there
 * are hundreds of kilobytes, and a synth would compile them each time.
 */
export function addTypedObject<Props extends { readonly spec?: unknown }>(
  scope: Construct,
  id: string,
  type: { readonly apiVersion: string; readonly kind: string },
  object: { readonly metadata: ApiObjectMetadata; readonly spec: Written<NonNullable<Props['spec']>> },
): ApiObject {
  return new ApiObject(scope, id, { ...type, ...object });
}
