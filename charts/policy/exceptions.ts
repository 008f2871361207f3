import { dayOf, excusedBy } from '../config/exceptions';
import type { ExceptionInput } from '../config/types';
import type { Violation } from './violation';

/** True where the exception is about the violation's check and object. Whether it has expired is another question. */
export function excuses(
  { id, object }: ExceptionInput,
  violation: Pick<Violation, 'checkId' | 'object'>,
): boolean {
  const isMeant =
    object === undefined || (object.kind === violation.object.kind && object.name === violation.object.name);
  return isMeant && excusedBy(id).includes(violation.checkId);
}

/** Lasts to the end of its day, UTC. */
export function hasExpired({ expires }: ExceptionInput, today: Date): boolean {
  return expires < dayOf(today);
}

/** An exception for a reader: what is excused, until when, and why. */
export function formatException(exception: ExceptionInput, today: Date): string {
  const { id, object, reason, expires } = exception;
  const about = object === undefined ? id : `${id} of ${object.kind} ${object.name}`;
  const cause = reason.replace(/\.$/, '');
  return hasExpired(exception, today)
    ? `exception ${about} has expired on ${expires}: ${cause}. Mend what it excuses, or renew it.`
    : `exception ${about} until ${expires}: ${cause}.`;
}
