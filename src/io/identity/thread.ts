/**
 * The thread itself: hashes, one job after the other. Random bytes are drawn here, so that the key of a new identity is
 * in no other thread before the answer, whose memory is handed over and not copied.
 *
 * From the first check on it gives way to the thread that moves packets: anybody can have identities checked, one after the
 * other for ever, and a machine may have one processor.
 */
import { randomFillSync } from 'node:crypto';
import { readlinkSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort } from 'node:worker_threads';

import { assert } from '../../base/errors.ts';
import {
  brokenIdentityRule,
  generateIdentity,
  identityEntropyLength,
} from '../../crypto/address-derivation.ts';
import { nodeProvider } from '../crypto/node-provider.ts';
import type { IdentityAnswer, IdentityJob } from './job.ts';

const port = parentPort;
assert(port !== null, 'this file is the entry of a thread');

/** Cannot be taken back: who may lower a priority may not raise it. */
let givesWay = false;
port.on('message', (job: IdentityJob) => {
  const answer = work(job);
  port.postMessage(
    answer,
    answer.kind === 'generated' ? [answer.secretKey.buffer as ArrayBuffer] : [],
  );
});

/** A tenth of what the others get where there is not enough for all; nothing less, or newcomers would wait for ever. */
function giveWay(): void {
  givesWay = true;
  try {
    const thread = /\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0];
    // On Linux a priority is one thread's; 0 would be that of the caller's whole process elsewhere.
    if (thread !== undefined) setPriority(Number(thread), constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // Not Linux, or not allowed: then it has the same as the others.
  }
}

function work(job: IdentityJob): IdentityAnswer {
  // A provider keeps the private keys that it has seen; this one goes with the job.
  const provider = nodeProvider();
  if (job.kind === 'check') {
    if (!givesWay) giveWay();
    const { address, publicKey } = job.identity;
    return { kind: 'checked', brokenRule: brokenIdentityRule(provider, address, publicKey) };
  }
  const entropy = randomFillSync(new Uint8Array(identityEntropyLength));
  const { identity, secretKey } = generateIdentity(provider, entropy);
  entropy.fill(0);
  return { kind: 'generated', identity, secretKey: secretKey.reveal() };
}
