/** Runs that are started and shown by somebody else than a terminal. */
export { Runs, type RunContent, type RunsOptions } from './runs.ts';
