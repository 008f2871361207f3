import { scaleUp } from '../config/scale-up';

/** Up at once and by as much as doubles; down slowly, because each pod that goes ends the streams it carries. */
export const behavior = {
  scaleUp: {
    stabilizationWindowSeconds: 0,
    selectPolicy: 'Max',
    policies: [
      { type: 'Percent', value: scaleUp.percent, periodSeconds: scaleUp.periodSeconds },
      { type: 'Pods', value: scaleUp.pods, periodSeconds: scaleUp.periodSeconds },
    ],
  },
  scaleDown: {
    stabilizationWindowSeconds: 300,
    policies: [{ type: 'Percent', value: 25, periodSeconds: 60 }],
  },
};
