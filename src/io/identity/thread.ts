/**
 * The thread itself: hashes, one job after the other. Random bytes are drawn here, so that the key of a new identity is
 * in no other thread before the answer, whose memory is handed over and not copied.
 */
import { randomFillSync } from 'node:crypto';
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

port.on('message', (job: IdentityJob) => {
  const answer = work(job);
  port.postMessage(
    answer,
    answer.kind === 'generated' ? [answer.secretKey.buffer as ArrayBuffer] : [],
  );
});

function work(job: IdentityJob): IdentityAnswer {
  // A provider keeps the private keys that it has seen; this one goes with the job.
  const provider = nodeProvider();
  if (job.kind === 'check') {
    const { address, publicKey } = job.identity;
    return { kind: 'checked', brokenRule: brokenIdentityRule(provider, address, publicKey) };
  }
  const entropy = randomFillSync(new Uint8Array(identityEntropyLength));
  const { identity, secretKey } = generateIdentity(provider, entropy);
  entropy.fill(0);
  return { kind: 'generated', identity, secretKey: secretKey.reveal() };
}
