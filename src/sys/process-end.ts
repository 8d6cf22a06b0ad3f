/** Ends processes that are not children of ours: those of a lab whose maker has died. */
import { setTimeout as delay } from 'node:timers/promises';

import { errorCode } from '../base/errors.ts';
import { isAlive, processIdentity, type ProcessIdentity } from './process-identity.ts';

/** How often a process that was asked to end is looked at. */
const pollMs = 10;

/**
 * SIGTERM to each, SIGKILL to those still there after `graceMs`, and waits until all are gone. What has ended already,
 * or may not be signalled, is passed over.
 *
 * @param pids - ids that were seen just now
 * @returns how many are still there
 */
export async function endProcesses(pids: readonly number[], graceMs = 1_000): Promise<number> {
  let left = pids.map((pid) => processIdentity(pid)).filter((identity) => identity !== null);
  const wait = async (turns: number): Promise<void> => {
    for (let turn = 0; turn < turns && left.length > 0; turn++) {
      await delay(pollMs);
      left = left.filter(isAlive);
    }
  };
  left = left.filter((identity) => signal(identity, 'SIGTERM'));
  await wait(graceMs / pollMs);
  left = left.filter((identity) => signal(identity, 'SIGKILL'));
  await wait(graceMs / pollMs);
  return left.length;
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): boolean {
  try {
    process.kill(identity.pid, name);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ESRCH' || errorCode(error) === 'EPERM') return false;
    throw error;
  }
}
