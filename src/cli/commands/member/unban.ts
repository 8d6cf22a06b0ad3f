/** `overspan member unban`: lifts bans. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { defineStanding } from './change-member.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command.addHelpText(
    'after',
    '\nThis lets nobody in: `overspan member authorize` does; a public network lets in whoever asks the next time.',
  );
  defineStanding(command, act, 'unban');
}
