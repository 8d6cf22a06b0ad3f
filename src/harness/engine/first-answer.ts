/**
 * When an address of another host first answers: from a process on the host, which asks every 10 ms from before something
 * happens until it has worked. What answers is the other host's kernel: nobody listens at the port, and it says so.
 */
import { createInterface } from 'node:readline';

import { nsPerS } from '../../base/clock.ts';
import { systemClock } from '../../sys/clock.ts';
import type { LabHost } from '../lab/host.ts';

/** While there is no address and no route, sending fails at once: that is no answer. */
const ask = `const { createSocket } = require('node:dgram');
const say = (word) => require('node:fs').writeSync(1, word + '\\n');
const [address] = process.argv.slice(1);
const attempt = () => {
  const socket = createSocket('udp4');
  const end = () => { clearTimeout(timer); socket.removeAllListeners(); socket.on('error', () => {}); socket.close(); };
  const timer = setTimeout(end, 2000);
  socket.on('error', ({ code }) => {
    end();
    if (code === 'ECONNREFUSED') { say('answered'); process.exit(0); }
  });
  socket.connect(9, address, (error) => (error ? end() : socket.send('?')));
};
setInterval(attempt, 10);
process.stdin.on('end', () => process.exit(1)).resume();
say('asking');`;

/** A process that asks. */
export interface FirstAnswer {
  /** When the first answer came, on the clock of this process, ns; null: none came in time. */
  within(timeoutMs: number): Promise<number | null>;
  /** Ends it. Idempotent. */
  close(): Promise<void>;
}

/** Starts asking. @param from - where the process runs. @param address - IPv4, of another host in the overlay */
export async function askUntilAnswered(from: LabHost, address: string): Promise<FirstAnswer> {
  const child = await from.spawn([process.execPath, '-e', ask, address], {
    stdin: 'pipe',
    stderr: 'ignore',
    ownGroup: true,
  });
  if (child.stdout === null) throw new Error('invariant broken: it is a pipe');
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  // It runs when it says so: what happens next is not before the first question.
  await lines.next();
  // Its word takes a fraction of a millisecond to us, of the tens to hundreds that are measured.
  const answer = lines.next().then(({ done }) => (done === true ? null : systemClock.nowNs()));
  return {
    within: async (timeoutMs) => {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<null>((resolve) => {
        timer = setTimeout(resolve, timeoutMs, null);
      });
      const first = await Promise.race([answer, late]);
      clearTimeout(timer);
      return first;
    },
    close: async () => {
      child.stdin?.end();
      await child.kill();
    },
  };
}

/** How long something took, in words: `0.14 s`. */
export function secondsText(ns: number): string {
  return `${(ns / nsPerS).toFixed(2)} s`;
}
