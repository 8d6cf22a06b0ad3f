/** `overspan member deauthorize`: puts nodes out of a network. */
import type { Command } from 'commander';

import type { Act } from '../../context.ts';
import { defineStanding } from './change-member.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  defineStanding(command, act, 'deauthorize');
}
