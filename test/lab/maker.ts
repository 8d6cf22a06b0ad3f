/**
 * A maker of labs in a process of its own, for tests that kill it or that make labs as another user:
 * `maker.ts {"home": …, "rootless": …, "dieAt": STEP | "up" | null, "user": ID | null}`. It prints the id of the lab.
 */
import { once } from 'node:events';

import { withLab } from '../../src/harness/lab/index.ts';
import { sleeper } from './sleeper.ts';
import { echo } from './traffic.ts';

export interface MakerOrder {
  readonly home: string;
  readonly rootless: boolean;
  /** SIGKILL to itself before this step, or when the lab is up and a server runs in it; null: take it down. */
  readonly dieAt: string | null;
  /** Become this user and group first, with nothing else loaded later: the checkout may be closed to it. */
  readonly user: number | null;
}

const order = JSON.parse(process.argv[2] ?? '') as MakerOrder;
if (order.user !== null) {
  process.chdir('/');
  process.setgroups?.([]);
  process.setgid?.(order.user);
  process.setuid?.(order.user);
}

const dieAt = (what: string): void => {
  if (what === order.dieAt) process.kill(process.pid, 'SIGKILL');
};
const { home, rootless } = order;
await withLab({ home, engines: ['direct', 'vxlan'], rootless, onStep: dieAt }, async (lab) => {
  const { a, b } = lab.hosts;
  const address = lab.engines[1]?.addressOf(b) ?? '';
  const server = await b.spawn([
    process.execPath,
    '-e',
    'console.log(1); setInterval(() => {}, 99)',
  ]);
  if (server.stdout !== null) await once(server.stdout, 'data');
  await lab.raise(sleeper);
  const answer = await echo(a, b, address, `${lab.kind} ${process.getuid?.() ?? ''}`);
  await new Promise((resolve) => process.stdout.write(`${lab.id} ${answer}\n`, resolve));
  dieAt('up');
});
