/** `overspan up`: runs a node in the foreground. */
import type { Command } from 'commander';

import type { Act } from '../context.ts';
import { addNodeOptions, runNode, type NodeOptions } from '../run-node.ts';

interface Options extends NodeOptions {
  readonly controller: boolean;
  readonly devices: boolean;
}

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  addNodeOptions(command)
    .option('--no-controller', 'own no networks')
    .option('--no-devices', 'relay and control only: needs no special right, and joins no network')
    .addHelpText(
      'after',
      '\nNeeds the right to make network devices: root, CAP_NET_ADMIN, or a user namespace of its own.\n' +
        'The log goes to standard error. Ends with SIGINT or SIGTERM, and takes back what it did to the machine.\n' +
        'Datagrams and encryption take the fastest way that works; OVERSPAN_UDP=node and OVERSPAN_CRYPTO=node in the\n' +
        'environment make it node:dgram and node:crypto.',
    )
    .action(
      act((cli, options: Options) =>
        runNode(cli, options, {
          withController: options.controller,
          withDevices: options.devices,
        }),
      ),
    );
}
