/**
 * The official node, `zerotier-one` 1.14, in a network of its own (see {@link zerotierNetwork}); the program is that of
 * the variable ZEROTIER_ONE, else the one on the PATH. Its port is 9994, so that it may stand beside `overspan`.
 */
import type { Engine } from './engine.ts';
import { deviceFinding, programFinding } from './requirements.ts';
import { zerotierNetwork } from './zerotier-network.ts';

const port = 9994;

export const zerotierOne: Engine = {
  name: 'zerotier-one',
  summary: 'official ZeroTier nodes, one of them root and controller',
  doctor: async (tools) => [
    await programFinding(
      tools,
      'zerotier-one',
      [program(), '-v'],
      'install it (https://www.zerotier.com/download), or name the program in ZEROTIER_ONE',
    ),
    await deviceFinding(tools, 'zerotier-one', 'tap'),
  ],
  up: (context) =>
    zerotierNetwork(context, {
      name: 'zerotier-one',
      port,
      // -U: without looking whether it is root, which it is where it may make devices.
      argv: (home) => [program(), '-U', `-p${port}`, home],
    }),
};

function program(): string {
  const named = process.env['ZEROTIER_ONE'];
  return named === undefined || named === '' ? 'zerotier-one' : named;
}
