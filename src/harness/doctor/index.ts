/** What this machine lacks. The public face of this folder. */
export { examine, type DoctorOptions } from './doctor.ts';
export type { Finding } from './finding.ts';
