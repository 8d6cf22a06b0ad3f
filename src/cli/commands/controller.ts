/** `overspan controller`: a node that owns networks and joins none, so that it needs no special right. */
import type { Command } from 'commander';

import type { Act } from '../context.ts';
import { addNodeOptions, runNode, type NodeOptions } from '../run-node.ts';

/** Adds the options and the action. */
export function define(command: Command, act: Act): void {
  addNodeOptions(command)
    .addHelpText(
      'after',
      '\nThe same as `overspan up --no-devices`. Needs no special right; the log goes to standard error.',
    )
    .action(
      act((cli, options: NodeOptions) =>
        runNode(cli, options, { withController: true, withDevices: false }),
      ),
    );
}
