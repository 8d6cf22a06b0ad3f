import { describe, expect, it } from 'vitest';

import { commands } from './commands/index.ts';
import { complete, type Completion } from './completion.ts';
import { buildProgram } from './program.ts';

const at = async (...words: readonly string[]): Promise<Completion> =>
  complete(await buildProgram(words, () => () => Promise.resolve()), words);
const wordsAt = async (...words: readonly string[]): Promise<string[]> =>
  (await at(...words)).candidates.map(({ word }) => word);

const shown = commands.filter(({ isHidden }) => isHidden !== true);

describe('every command', () => {
  it.each(shown.map(({ path }) => path))('%s %s %s', async (...path) => {
    const typed = path.filter((word) => typeof word === 'string');
    for (const [index, word] of typed.entries())
      expect(await wordsAt(...typed.slice(0, index), word.slice(0, 1))).toContain(word);
    const options = await wordsAt(...typed, '--');
    expect(options).toEqual(expect.arrayContaining(['--json', '--home', '--help']));
    const program = await buildProgram(typed, () => () => Promise.resolve());
    let command = program;
    for (const word of typed) command = command.commands.find((c) => c.name() === word)!;
    for (const { long, hidden } of command.options) if (!hidden) expect(options).toContain(long);
  });

  it('is described as in the help', async () => {
    const { candidates } = await at('up');
    expect(candidates).toEqual([
      { word: 'up', description: 'Run a node on this machine, until it is stopped' },
    ]);
  });

  it('that is hidden is not offered', async () => {
    const words = await wordsAt('');
    const hidden = commands.filter(({ isHidden }) => isHidden === true);
    expect(hidden.length).toBeGreaterThan(0);
    for (const { path } of hidden) expect(words).not.toContain(path[0]);
  });
});

describe('a place', () => {
  const paths = async (...words: readonly string[]): Promise<string> => (await at(...words)).paths;

  it('of a file', async () => {
    expect(await paths('rule', 'test', '')).toBe('files');
    expect(await paths('report', 'a.ndjson', 'b')).toBe('files');
    expect(await paths('up', '--planet', 'pl')).toBe('files');
    expect(await paths('up', '--planet=pl')).toBe('files');
    expect(await paths('wire', 'decode', '-', '--planet', 'a', 'b')).toBe('files');
  });

  it('of a directory', async () => {
    expect(await paths('--home', '')).toBe('directories');
    expect(await paths('up', '--home', '')).toBe('directories');
  });

  it('of nothing that we know', async () => {
    const nothing = { candidates: [], paths: 'none' };
    for (const words of [
      ['up', ''],
      ['up', '--port', ''],
      ['join', '8056c2e21c000001', ''],
      ['wire', 'nothing', ''],
      ['up', '--no-such=', ''],
    ])
      expect(await at(...words)).toEqual(nothing);
  });

  it('after options and their values', async () => {
    expect(await wordsAt('--home', 'up', 'rule', 't')).toEqual(['test']);
    expect(await wordsAt('-v', '--home=x', 'inf')).toEqual(['info']);
    expect(await wordsAt('lab', 'exec', 'a', '--', '--')).toEqual([]);
  });

  it('after help', async () => {
    expect(await wordsAt('hel')).toEqual(['help']);
    expect(await wordsAt('help', 'rule', 'te')).toEqual(['test']);
  });

  it('of a choice', async () => {
    expect(await wordsAt('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('behind an equals sign that bash made a word', async () => {
    expect(await paths('up', '--planet', '=', 'pl')).toBe('files');
    expect(await paths('up', '--planet', '=')).toBe('files');
  });
});
