import { expect, it } from 'vitest';

import { buildProgram } from '../program.ts';
import { commands, type CommandEntry } from './index.ts';

const entry = (...path: readonly string[]): CommandEntry | undefined =>
  commands.find((one) => one.path.join(' ') === path.join(' '));

it.each([
  ['status', ['info']],
  ['listpeers', ['peer', 'list']],
  ['peers', ['peer', 'list']],
  ['listnetworks', ['network', 'list']],
])('the official word %s is %j, and is not shown', async (word, path) => {
  expect(entry(word)?.load).toBe(entry(...path)!.load);
  const program = await buildProgram([word], () => () => Promise.resolve());
  expect(program.commands.some((command) => command.name() === word)).toBe(true);
  expect(program.helpInformation()).not.toMatch(new RegExp(`^ +${word}\\b`, 'm'));
});

it('no command is named twice', () => {
  const names = commands.map(({ path }) => path.join(' '));
  expect(new Set(names).size).toBe(names.length);
});
