/** Campaigns: plans, runs and their records. */
export type { CampaignProgress } from './campaign.ts';
export { compareInLab, compareOverLoopback } from './characterize.ts';
export {
  compare,
  parsePaths,
  type CompareOptions,
  type CompareResult,
  type PathArgument,
} from './compare.ts';
export { warmupFor } from './plan.ts';
export { loadRecord, parseRecord } from './record-file.ts';
export type { RunRecord, Workload } from './record.ts';
export { runName } from './run.ts';
export { single, type SingleOptions, type SingleResult } from './single.ts';
