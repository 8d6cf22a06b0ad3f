/** Making, checking and keeping identities outside the event loop: what others import of this folder. */
export { identityError } from './errors.ts';
export {
  notAnIdentity,
  readIdentityFile,
  writeIdentityFile,
  type IdentityFile,
} from './identity-file.ts';
export {
  generateIdentityInWorker,
  identityJobsMax,
  IdentityThread,
  validateInWorker,
  type JobOptions,
} from './identity-thread.ts';
export type { PublicIdentity } from './job.ts';
