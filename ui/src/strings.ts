/** Every text of the page: one part a page, and what several have. A translation is another object of this shape. */
import { members } from './strings/members.ts';
import { networks } from './strings/networks.ts';
import { shell } from './strings/shell.ts';

export const strings = { ...shell, networks, members } as const;
