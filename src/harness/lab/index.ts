/** Labs: hosts in network namespaces of this machine. The public face of this folder. */
export { raiseLab, withLab, type Lab, type LabEngine, type LabOptions } from './lab.ts';
export { isStale, listLabs, openHost, sweepLabs, takeDownLab, type Sweep } from './labs.ts';
export type { LabHost } from './host.ts';
export type { EngineFacts, HostFacts, LabState } from './journal.ts';
