/**
 * Which cipher suite was used from whom to whom: both, in every direction. A packet is Salsa20 while its sender does not
 * know the receiver's version: the first ones between A and B, and the first answer of R. That members send R Salsa20
 * takes a loss: R's first answer, which tells its version, does not come through, and its question behind it does.
 */
import type { Check } from '../check.ts';
import type { NodeName } from '../node.ts';
import { capturedPackets, countSuites } from '../packets.ts';
import { echoRows } from '../traffic.ts';
import { must } from '../wait.ts';

const pairs: readonly (readonly [NodeName, NodeName])[] = [
  ['A', 'B'],
  ['B', 'A'],
  ['R', 'A'],
  ['A', 'R'],
  ['R', 'B'],
  ['B', 'R'],
];

/** Between the IP datagrams of OK(HELLO), 87 bytes, and HELLO, 165 bytes: the first one is dropped, the second is not. */
const lostBytes = 150;

/** See the head of this file. */
export const suites: Check = {
  name: 'suites',
  prepare: async ({ nodes: { A, B, R } }) => {
    for (const node of [A, B])
      for (const words of [
        'add table ip lab',
        'add chain ip lab in { type filter hook input priority 0; }',
        `add rule ip lab in udp sport ${R.port} quota until ${lostBytes} bytes drop`,
      ])
        await node.run('nft', ...words.split(' '));
  },
  run: async (lab, row) => {
    await echoRows(lab, row);
    const packets = await capturedPackets(lab);
    for (const [from, to] of pairs)
      await row(`Salsa20 + AES packets, ${from} to ${to}`, () => {
        const [salsa, aes] = countSuites(packets, lab.nodes[from], lab.nodes[to]);
        must(salsa > 0 && aes > 0, `Salsa20 ${salsa}, AES ${aes}`);
        return Promise.resolve(`${salsa} + ${aes}`);
      });
  },
};
