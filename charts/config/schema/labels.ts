import { z } from 'zod';
import { report } from '../../../gateway-app/contract/validate';
import { labelValue } from './scalars';

const labelName = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;

/** Of every object; the policy and the selectors go by them. */
const ownLabel = /^(app\.kubernetes\.io\/.*|environment|owner)$/;

/** Labels besides the gateway's own. */
export const labels = z.record(z.string(), labelValue).superRefine((entries, ctx) => {
  for (const name of Object.keys(entries)) {
    if (!labelName.test(name)) {
      report(ctx, {
        path: [name],
        rule: 'has a name that the API server would refuse',
        fix: 'write the name like release or example.com/team',
      });
    } else if (ownLabel.test(name)) {
      report(ctx, {
        path: [name],
        rule: 'is a label that every object of the gateway has already',
        fix: 'choose another name',
      });
    }
  }
});
