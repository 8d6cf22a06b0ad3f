/** What a running process has used. Source: proc(5), /proc/PID/stat and /proc/PID/status. */
import { readFileSync } from 'node:fs';

import { nsPerS } from '../base/clock.ts';
import { statFields } from './process-identity.ts';

/** Cumulative since the process started, with all its threads and without its children. */
export interface ProcessUsage {
  /** User and system time; it grows in steps of 10 ms. */
  readonly cpuNs: number;
  /** What of its memory is in RAM now; null where the kernel does not say. */
  readonly residentBytes: number | null;
}

/** USER_HZ: what /proc counts time in, whatever the kernel's own tick is. 100 on every architecture that Node runs on. */
const ticksPerS = 100;

/** @returns null where there is no such process */
export function processUsage(pid: number): ProcessUsage | null {
  const fields = statFields(pid);
  const [userTicks, systemTicks] = [fields?.[11], fields?.[12]];
  if (userTicks === undefined || systemTicks === undefined) return null;
  return {
    cpuNs: (Number(userTicks) + Number(systemTicks)) * (nsPerS / ticksPerS),
    residentBytes: readResident(pid),
  };
}

function readResident(pid: number): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = /^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch {
    return null;
  }
}
