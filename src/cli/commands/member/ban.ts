/** `overspan member ban`: shuts nodes out of a network for good. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { defineStanding } from './change-member.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    '\nAlso before they ask. A public network, an invitation or a token lets them in no more; `overspan member unban` lifts it,\n' +
      'and `overspan member delete` forgets it with all else.',
  );
  defineStanding(command, act, 'ban');
}
