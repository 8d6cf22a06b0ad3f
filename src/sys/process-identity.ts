/**
 * Which process is meant by a number, also later: the id, the time it started and the boot of the machine, because ids
 * are used again. Source: proc(5), /proc/PID/stat field 22 and /proc/PID/environ.
 */
import { readFileSync, readdirSync } from 'node:fs';

/** A process that can be recognised after its id was given to another. JSON-safe. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks after boot at which it started: field 22 of /proc/PID/stat. */
  readonly startTicks: string;
  /** /proc/sys/kernel/random/boot_id: one for each boot. */
  readonly bootId: string;
}

/** The boot of this machine. */
export function bootId(): string {
  return read('/proc/sys/kernel/random/boot_id')?.trim() ?? 'unknown';
}

/** The identity of a running process, or null where none has this id. @param pid - default: our own */
export function processIdentity(pid: number = process.pid): ProcessIdentity | null {
  const fields = statFields(pid);
  const startTicks = fields?.[19];
  if (fields === null || startTicks === undefined || isEnded(fields)) return null;
  return { pid, startTicks, bootId: bootId() };
}

/** Whether the very process that was meant still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = processIdentity(identity.pid);
  return now?.startTicks === identity.startTicks && now.bootId === identity.bootId;
}

/**
 * The ids of the processes whose initial environment holds `name=value`, our own left out. Sees those that this user
 * may look into.
 */
export function processesMarked(name: string, value: string): number[] {
  const mark = `${name}=${value}`;
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .filter((entry) => initialEnvironment(entry)?.split('\0').includes(mark) === true)
    .map(Number);
}

/**
 * The initial environment of a process, NUL between the variables; waits out an execve(2) that is under way. The
 * parent goes on as soon as the kernel closes the descriptors, a little before the new environment is in its place:
 * until then `environ` reads as empty, and a process just started would not be seen.
 */
function initialEnvironment(pid: string): string | null {
  for (let attempt = 0; ; attempt++) {
    const environment = read(`/proc/${pid}/environ`);
    if (environment !== '' || attempt === execAttempts || hasNone(pid)) return environment;
    Atomics.wait(pauseCell, 0, 0, 1);
  }
}

/** Milliseconds that an execve may take, or that a process with an empty environment costs us. */
const execAttempts = 20;
const pauseCell = new Int32Array(new SharedArrayBuffer(4));

/** Whether a process has no environment and will get none: it ended, or is a thread of the kernel. */
function hasNone(pid: string): boolean {
  const kernelThreadFlag = 0x0020_0000;
  const fields = statFields(pid);
  return fields === null || isEnded(fields) || (Number(fields[6]) & kernelThreadFlag) !== 0;
}

/** The fields of /proc/PID/stat from the third, `state`, on; null where there is no such process. */
export function statFields(pid: number | string): string[] | null {
  const stat = read(`/proc/${pid}/stat`);
  // Field 2 is the name in parentheses and may itself hold spaces and parentheses: count from the last one.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? null;
}

/**
 * A zombie has ended; it only waits for its parent. Unless other threads of it are still ending (field 20): they hold
 * its descriptors, and with them its ports and devices.
 */
function isEnded(fields: readonly string[]): boolean {
  const [state] = fields;
  return (state === 'Z' && Number(fields[17]) <= 1) || state === 'X';
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Gone, or somebody else's: either way it is not for us.
    return null;
  }
}
