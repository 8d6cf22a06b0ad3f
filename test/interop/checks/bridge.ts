/**
 * B bridges a host that is no node: `h`, in a namespace behind B, on one Ethernet with B's virtual device, with an
 * address of the network's subnet.
 */
import type { Check } from '../check.ts';
import { subnet, type Lab } from '../lab.ts';
import type { LabNode } from '../node.ts';
import type { Pinger } from '../ping.ts';
import { answered } from '../traffic.ts';
import { must, until } from '../wait.ts';

/** A host of a lab that runs no node. */
interface PlainHost extends Pinger {
  readonly address: string;
}

/** See the head of this file. */
export const bridge: Check = {
  name: 'bridge',
  run: async (lab, row) => {
    const { A, B } = lab.nodes;
    const toA = await lab.addressOf(A, `${subnet}.`);
    const toB = await lab.addressOf(B, `${subnet}.`);
    const h = await plainHostBehind(lab, B);
    await row('not before B may: h to A', () => unanswered(h, toA));
    await allow(lab, true);
    await row('ARP and echo, A to h', () => untilAnswered('h answers A', A, h.address));
    await row('ARP and echo, h to A', async () => {
      await lab.run('ip', '-n', 'h', 'neighbour', 'flush', 'all');
      return untilAnswered('A answers h', h, toA);
    });
    for (const [direction, from, address] of [
      ['A to h', A, h.address],
      ['h to A', h, toA],
    ] as const) {
      await row(`every echo, ${direction}`, () => answered(from, address));
      await row(`fragments, ${direction}`, () => answered(from, address, { bytes: 2_700 }));
    }
    await row('not after B may no more', async () => {
      await allow(lab, false);
      await until('A hears h no more', 5, async () => (await h.ping(toA, once)).received === 0);
      await unanswered(A, h.address);
      return unanswered(h, toA);
    });
    await B.run('ip', 'link', 'set', 'dev', await lab.deviceOf(B), 'nomaster');
    await row('B itself, after it', () => untilAnswered('B answers A', A, toB));
  },
};

const once = { count: 1, waitSeconds: 1 } as const;

/** Makes a host on one Ethernet with the virtual device of a member. */
async function plainHostBehind(lab: Lab, member: LabNode): Promise<PlainHost> {
  const address = `${subnet}.200`;
  const device = await lab.deviceOf(member);
  await lab.run('ip', 'netns', 'add', 'h');
  const ip = async (...words: readonly string[]): Promise<void> => {
    await lab.run('ip', '-n', member.name, ...words);
  };
  await ip('link', 'add', 'br-h', 'type', 'bridge');
  await ip('link', 'add', 'v-h', 'type', 'veth', 'peer', 'name', 'eth0', 'netns', 'h');
  for (const port of [device, 'v-h']) await ip('link', 'set', port, 'master', 'br-h', 'up');
  for (const link of ['br-h', 'v-h']) await ip('link', 'set', 'dev', link, 'mtu', '2800', 'up');
  await lab.run('ip', '-n', 'h', 'link', 'set', 'dev', 'eth0', 'mtu', '2800', 'up');
  await lab.run('ip', '-n', 'h', 'address', 'add', `${address}/24`, 'dev', 'eth0');
  return { address, ping: (to, options) => lab.pingFrom('h', to, options) };
}

/** B may bridge, or may not; A learns it by the push for the network's new name, B by its own. */
async function allow(lab: Lab, isBridge: boolean): Promise<void> {
  const { A, B } = lab.nodes;
  const name = isBridge ? 'bridged' : 'not bridged';
  await lab.setMember(B, { activeBridge: isBridge });
  await lab.setNetwork({ name });
  for (const node of [A, B])
    await until(`${node.name} knows that the network is ${name}`, 70, async () => {
      return (await lab.network(node))?.name === name;
    });
  await until(`B knows that it ${isBridge ? 'may' : 'may not'} bridge`, 70, async () => {
    return (await lab.network(B))?.bridge === isBridge;
  });
}

async function untilAnswered(what: string, from: Pinger, address: string): Promise<number> {
  return until(what, 20, async () => (await from.ping(address, once)).received === 1);
}

async function unanswered(from: Pinger, address: string): Promise<undefined> {
  const { received } = await from.ping(address, { count: 4, intervalSeconds: 0.5 });
  must(received === 0, `${received} of 4 answered`);
  return undefined;
}
