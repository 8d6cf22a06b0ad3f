/** House rules that no linter has: what the sources may not contain, and where. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|mjs|md|json|sh|yml)$/.test(file) && file !== 'package-lock.json');

const sources = files.filter((file) => file.startsWith('src/') && !file.endsWith('.test.ts'));

/** `file:line` of every line that matches. */
function findings(among: readonly string[], pattern: RegExp): string[] {
  return among.flatMap((file) =>
    readFileSync(file, 'utf8')
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${file}:${index + 1} ${line.trim()}`] : [],
      ),
  );
}

describe('the sources', () => {
  it('are seen at all', () => {
    expect(sources.length).toBeGreaterThan(40);
  });

  it('read clocks and draw randomness only at the edge', () => {
    const elsewhere = sources.filter((file) => !file.startsWith('src/sys/'));
    expect(
      findings(elsewhere, /\bDate\.now\(|new Date\(\)|performance\.now\(|Math\.random\(|hrtime/),
    ).toEqual([]);
  });

  it('write to the terminal only from the command line', () => {
    const elsewhere = sources.filter((file) => !file.startsWith('src/cli/'));
    expect(findings(elsewhere, /\bconsole\.|process\.(stdout|stderr)\b/)).toEqual([]);
  });

  it('have no default exports, enums or leftovers', () => {
    expect(
      findings(sources, /^export default|^(export )?(const )?enum |\bFIXME\b|\bXXX\b/),
    ).toEqual([]);
    expect(findings(sources, /\bTODO\b(?!\(#\d+\))/)).toEqual([]);
  });

  it('begin with what the file is', () => {
    const bare = sources.filter((file) => !/^(#!.*\n)?\/\*\*/.test(readFileSync(file, 'utf8')));
    expect(bare).toEqual([]);
  });

  it('name no file after nothing in particular', () => {
    expect(
      sources.filter((file) => /\b(utils?|helpers?|manager|misc|common)\.ts$/.test(file)),
    ).toEqual([]);
  });
});

describe('what a node keeps', () => {
  it('is in docs/limits.md, with its limit and the test of it', () => {
    const keeps =
      /^ {2}(readonly )?#?\w+(: [^=;]+)? = (new (Map|Set)\b|\[\])|^ {2}(readonly )?#?\w+: [^=;]*(Map|Set)<[^=;]*;$/;
    const running = sources.filter(
      (file) =>
        /^src\/(core|root|controller|daemon|io)\//.test(file) &&
        // Fakes for tests, and what is made of a configuration, whose lists have limits.
        !/\/memory-|\/rules\//.test(file),
    );
    const listed = readFileSync('docs/limits.md', 'utf8');
    const keepers = new Set(findings(running, keeps).map((line) => line.split(':')[0]!.slice(4)));
    expect(keepers.size).toBeGreaterThan(30);
    expect([...keepers].filter((file) => !listed.includes(`\`${file}\``))).toEqual([]);
    const tests = [...listed.matchAll(/`([\w/-]+\.test\.ts)`/g)].map(([, name]) => name!);
    const missing = tests.filter((name) => !files.some((file) => `/${file}`.endsWith(`/${name}`)));
    expect(missing).toEqual([]);
  });
});

describe('the repository', () => {
  it('names no host of a registry and no path of a machine', () => {
    const others = files.filter((file) => file !== 'tools/tidy.test.ts');
    expect(
      findings(others, /registry\.npmjs|(?<![\w.])(\/home\/[a-z]+\/|\/root\/|\/work\/)/),
    ).toEqual([]);
  });

  it('has no tabs and no trailing space in its sources', () => {
    expect(
      findings(
        files.filter((file) => /\.(ts|mjs)$/.test(file)),
        /\t|[ ]+$/,
      ),
    ).toEqual([]);
  });
});
