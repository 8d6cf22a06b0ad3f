/**
 * The official command line beside each node: what it prints of ours is what it prints of an official one, word for word
 * but for times, versions and names of devices.
 */
import type { Check } from '../check.ts';
import { subnet, type Lab } from '../lab.ts';
import type { LabNode } from '../node.ts';
import { must, until } from '../wait.ts';

/** A network that nobody has. */
const nobodys = '0123456789abcdef';

/** See the head of this file. */
export const commandLine: Check = {
  name: 'command line',
  run: async (lab, row) => {
    const { A, B, R } = lab.nodes;
    await row('info of each', async () => {
      for (const node of lab.all)
        await says(
          node,
          new RegExp(`^200 info ${node.address} \\d+\\.\\d+\\.\\d+ ONLINE\n$`),
          'info',
        );
      return undefined;
    });
    await row('listpeers and peers', () => peers(A, R, B));
    await row('listnetworks', () => listed(lab, A));
    await row('get of every kind', () => got(lab, A));
    await row('set, and its effect', () => setAndBack(lab, A));
    await row('join and leave', () => joinAndLeave(A));
    await row('listmoons, orbit, deorbit', () => moons(A, B));
    await row('JSON of each command', () => json(lab, A));
    await row('what it does not know', async () => {
      await says(A, /^error, unknown property name\n$/, 'get', lab.networkId, 'bogus');
      await says(A, /^$/, 'get', nobodys, 'ip4');
      await says(A, /NONE\s+NONE/, 'bond', 'list');
      return undefined;
    });
  },
};

async function says(node: LabNode, pattern: RegExp, ...words: readonly string[]): Promise<string> {
  const said = await node.commandLine(...words);
  must(pattern.test(said), `${node.name}, ${words.join(' ')}: ${JSON.stringify(said)}`);
  return said;
}

async function peers(node: LabNode, root: LabNode, leaf: LabNode): Promise<undefined> {
  const path = String.raw`[0-9a-f.:]+\/\d+`;
  for (const [peer, role] of [
    [root, 'PLANET'],
    [leaf, 'LEAF'],
  ] as const) {
    const times = String.raw`;-?\d+;-?\d+ -?\d+ [-\d.]+`;
    const line = `\n200 listpeers ${peer.address} ${path}${times} ${role}\n`;
    await says(node, new RegExp(line), 'listpeers');
    const words = `\n${peer.address} +[-\\d.]+ +${role} +-?\\d+ DIRECT +-?\\d+ +-?\\d+ +${path}\n`;
    await says(node, new RegExp(words), 'peers');
  }
  return undefined;
}

async function listed(lab: Lab, node: LabNode): Promise<undefined> {
  const network = await lab.network(node);
  must(network !== null, 'there is no network');
  const { assignedAddresses, portDeviceName } = network;
  const words = ['200 listnetworks', lab.networkId, 'lab', String.raw`[0-9a-f:]{17} OK PRIVATE`];
  const line = [...words, portDeviceName, assignedAddresses.join(',')].join(' ');
  await says(node, new RegExp(`^200 listnetworks <nwid> .*\n${line}\n$`), 'listnetworks');
  return undefined;
}

async function got(lab: Lab, node: LabNode): Promise<undefined> {
  const address = await lab.addressOf(node, `${subnet}.`);
  const plane = await lab.addressOf(node, 'fc');
  const device = await lab.deviceOf(node);
  for (const [key, value] of [
    ['ip4', address],
    ['ip6plane', plane],
    ['ip6prefix', plane.slice(0, 24)],
    ['status', 'OK'],
    ['name', 'lab'],
    ['allowDNS', '0'],
    ['portDeviceName', device],
  ] as const) {
    const said = await node.commandLine('get', lab.networkId, key);
    must(said === `${value}\n`, `${key}: ${JSON.stringify(said)}`);
  }
  const all = await node.commandLine('get', lab.networkId, 'ip');
  must(all.split('\n').length === 4, `ip: ${JSON.stringify(all)}`);
  return undefined;
}

async function setAndBack(lab: Lab, node: LabNode): Promise<undefined> {
  const device = await lab.deviceOf(node);
  const address = await lab.addressOf(node, `${subnet}.`);
  const has = async (): Promise<boolean> =>
    (await node.run('ip', '-o', 'address', 'show', 'dev', device)).includes(`${address}/`);
  must(await has(), `${device} has not ${address}`);
  const set = async (value: string): Promise<void> => {
    const said = await node.commandLine('set', lab.networkId, `allowManaged=${value}`);
    const { allowManaged } = JSON.parse(said) as { allowManaged: boolean };
    must(allowManaged === (value === '1'), said);
  };
  // The official service remembers for a moment which addresses there are, and takes none away that is new.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await set('0');
  await until('the address is gone', 5, async () => !(await has()));
  // The official service remembers what it has taken away for a moment, and does not put it back within it.
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await set('1');
  await until('the address is back', 5, has);
  return undefined;
}

async function joinAndLeave(node: LabNode): Promise<undefined> {
  await says(node, /^200 join OK\n$/, 'join', nobodys);
  await says(node, new RegExp(`\n200 listnetworks ${nobodys}  `), 'listnetworks');
  await says(node, /^200 leave OK\n$/, 'leave', nobodys);
  await says(node, /^200 leave OK\n$/, 'leave', nobodys);
  const said = await node.commandLine('listnetworks');
  must(!said.includes(nobodys), said);
  return undefined;
}

async function moons(node: LabNode, seed: LabNode): Promise<undefined> {
  await says(node, /^\[\]\n$/, 'listmoons');
  await says(node, /^200 orbit OK\n$/, 'orbit', seed.address, seed.address);
  await says(node, /^\[\]\n$/, 'listmoons');
  await says(node, /^200 deorbit OK\n$/, 'deorbit', seed.address);
  return undefined;
}

async function json(lab: Lab, node: LabNode): Promise<undefined> {
  for (const [word, key] of [
    ['info', node.address],
    ['listpeers', lab.nodes.R.address],
    ['peers', lab.nodes.R.address],
    ['listnetworks', lab.networkId],
  ] as const) {
    const said = await node.commandLine('-j', word);
    must(JSON.stringify(JSON.parse(said)).includes(`"${key}"`), `-j ${word}: ${said}`);
  }
  return undefined;
}
