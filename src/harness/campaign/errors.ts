/** Error codes of campaigns: plans that cannot be carried out. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const campaignErrors = {
  INSTANCE_MISMATCH: {
    summary: 'The paths of a comparison lead to different servers.',
    exit: exitCodes.failed,
  },
  PATHS_INVALID: {
    summary: 'The paths of a comparison are not given as label=HOST[:PORT], two or more.',
    exit: exitCodes.usage,
  },
} as const satisfies ErrorTable;

export const campaignError = errorFactory(campaignErrors);
