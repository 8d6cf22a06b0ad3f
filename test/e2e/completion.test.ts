/** The scripts of `overspan completion`, in the shells that they are for. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

import { beforeAll, describe, expect, it, type TestContext } from 'vitest';

import { overspanArgv, stage } from './program.ts';

const here = stage('completion');
const bin = here.path('bin');
const files = here.path('files');
const environment = { PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}` };

beforeAll(() => {
  mkdirSync(bin);
  const words = overspanArgv().map((word) => `'${word}'`);
  writeFileSync(join(bin, 'overspan'), `#!/bin/sh\nexec ${words.join(' ')} "$@"\n`, {
    mode: 0o755,
  });
  mkdirSync(join(files, 'plans'), { recursive: true });
  for (const name of ['planet', 'planet of mine', 'other']) writeFileSync(join(files, name), '');
});

function skipWithout(context: TestContext, shell: string): void {
  try {
    execFileSync(shell, ['-c', 'true']);
  } catch {
    context.skip(`${shell} is not installed`);
  }
}

async function linesOf(argv: readonly string[]): Promise<string[]> {
  const ended = await here.run(argv, { environment, directory: files });
  expect([ended.code, ended.stderr]).toEqual([0, '']);
  return ended.stdout.split('\n').filter((line) => line !== '');
}

describe('bash', () => {
  /** What it would offer for the last of the words, which are as bash itself splits them. */
  const offered = (...words: readonly string[]): Promise<string[]> => {
    const script = `source <(overspan completion bash)
      complete -p overspan > /dev/null || exit
      COMP_WORDS=(overspan "$@") COMP_CWORD=$#
      _overspan
      printf '%s\\n' "\${COMPREPLY[@]}"`;
    return linesOf(['bash', '--norc', '-c', script, 'bash', ...words]);
  };

  it.each([
    [['ru'], ['rule']],
    [
      ['rule', ''],
      ['compile', 'test', 'explain', 'decompile', 'help'],
    ],
    [['rule', 'te'], ['test']],
    [['info', '--js'], ['--json']],
    [
      ['up', '--no-'],
      ['--no-controller', '--no-devices'],
    ],
    [['completion', 'z'], ['zsh']],
    [
      ['up', '--planet', 'pla'],
      ['planet', 'planet of mine', 'plans'],
    ],
    [['up', '--planet', '=', 'plans'], ['plans']],
    [['up', '--home', 'pla'], ['plans']],
    [['root', 'show', 'o'], ['other']],
    [['nothing', ''], []],
  ])('%j: %j', async (words, expected) => {
    expect((await offered(...words)).sort()).toEqual([...expected].sort());
  });
});

describe('zsh', () => {
  it('reads the script', async (context) => {
    skipWithout(context, 'zsh');
    const script = `autoload -U compinit && compinit -u -D && source <(overspan completion zsh) && print $_comps[overspan]`;
    expect(await linesOf(['zsh', '-f', '-c', script])).toEqual(['_overspan']);
  });

  it('offers what bash does', async (context) => {
    skipWithout(context, 'zsh');
    // The functions that only a line editor has are replaced by such as print.
    const script = `compdef() { : }
      _describe() { print -l \${(P)2} }
      _files() { print files $@ }
      source <(overspan completion zsh)
      words=(overspan "$@")
      CURRENT=$#words
      PREFIX=$words[-1]
      _overspan`;
    const offered = (...words: readonly string[]): Promise<string[]> =>
      linesOf(['zsh', '-f', '-c', script, 'zsh', ...words]);
    expect(await offered('rule', 'te')).toEqual([
      'test:Run the tests that stand in a file with its rules',
    ]);
    expect(await offered('up', '--planet', '')).toEqual(['files']);
    expect(await offered('up', '--home', '')).toEqual(['files -/']);
  });
});

describe('fish', () => {
  it('offers what bash does', async (context) => {
    skipWithout(context, 'fish');
    const offered = (line: string): Promise<string[]> =>
      linesOf([
        ...['fish', '--no-config', '-c'],
        `overspan completion fish | source; complete -C '${line}'`,
      ]);
    expect(await offered('overspan rule te')).toEqual([
      'test\tRun the tests that stand in a file with its rules',
    ]);
    expect(await offered('overspan root show o')).toEqual(['other']);
  });
});

it('is refused for other shells', async () => {
  const ended = await here.overspan('completion', 'tcsh');
  expect([ended.code, ended.stderr]).toEqual([2, expect.stringContaining('bash, zsh, fish')]);
});
