/**
 * Every text of the page: one part a page, and what several have. A translation is another object of this shape. Texts that only
 * parts of a network's page have (settings, rules, access, audit) are beside these, and are loaded with those parts.
 */
import { invited, join } from './strings/join.ts';
import { measure } from './strings/measure.ts';
import { members } from './strings/members.ts';
import { networks } from './strings/networks.ts';
import { node } from './strings/node.ts';
import { shell } from './strings/shell.ts';

export const strings = {
  ...shell,
  networks,
  members,
  join,
  invited,
  measure,
  node,
} as const;
