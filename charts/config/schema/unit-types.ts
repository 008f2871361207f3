import type { Duration, Size } from 'cdk8s';
import type { Cpu } from 'cdk8s-plus-28';
import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { cpuMillis } from '../units';

interface UnitRule<Unit> {
  readonly holds: (value: Unit) => boolean;
  readonly rule: string;
  readonly fix: string;
}

/** One refinement and not `z.custom(test)`: that would stop zod, and the rules across fields would go untold. */
function unit<Unit>(isUnit: (value: unknown) => value is Unit, form: string, ...rules: UnitRule<Unit>[]) {
  return z.custom<Unit>().superRefine((value: unknown, ctx) => {
    if (!isUnit(value)) {
      report(ctx, { path: [], rule: `must be a ${form.split('.')[0] ?? ''}`, fix: `write e.g. ${form}` });
      return;
    }
    const broken = rules.find(({ holds }) => !holds(value));
    if (broken) report(ctx, { path: [], ...broken });
  });
}

/** A unit type is told by what it can do: two installed copies of cdk8s have two classes of one name. */
function isDuration(value: unknown): value is Duration {
  return typeof value === 'object' && value !== null && 'toHumanString' in value;
}

function isSize(value: unknown): value is Size {
  return typeof value === 'object' && value !== null && 'toKibibytes' in value;
}

function isCpu(value: unknown): value is Cpu {
  return typeof value === 'object' && value !== null && 'amount' in value && typeof value.amount === 'string';
}

/** Any time above 0 that keeps further rules. */
export function duration(...rules: UnitRule<Duration>[]) {
  return unit(
    isDuration,
    'Duration.seconds(15), imported from cdk8s',
    {
      holds: (value) => value.toMilliseconds() > 0,
      rule: 'must be more than 0',
      fix: 'choose a longer time',
    },
    ...rules,
  );
}

/** Whole seconds: what the field it goes to can state. */
export function wholeSeconds(...rules: UnitRule<Duration>[]) {
  return duration(
    {
      holds: (value) => value.toMilliseconds() % 1000 === 0,
      rule: 'must be a whole number of seconds',
      fix: 'round it',
    },
    ...rules,
  );
}

export const size = unit(isSize, 'Size.mebibytes(512), imported from cdk8s', {
  holds: (value) => Number.parseFloat(value.asString()) > 0,
  rule: 'must be more than 0',
  fix: 'choose a larger size',
});

export const cpu = unit(isCpu, 'Cpu.millis(500), imported from cdk8s-plus-28', {
  holds: (value) => cpuMillis(value) > 0,
  rule: 'must be more than 0',
  fix: 'choose a larger amount',
});
