import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { markedText } from './marked-text.ts';
import { commandWord, environmentText, sysusersText, unitText } from './unit.ts';

const unit = unitText({
  node: '/usr/bin/node',
  program: '/usr/lib/node_modules/overspan/dist/bin/overspan.js',
  words: ['--port', '9993', '--planet', '/etc/overspan/planet'],
  environmentFile: '/etc/overspan/service.env',
});

/** Why systemd cannot be asked here; null: it can. */
const refusal = ((): string | null => {
  try {
    execFileSync('systemd-analyze', ['--version']);
    return null;
  } catch {
    return 'systemd-analyze is not installed';
  }
})();

/** What systemd-analyze says of a unit; of others it may say what it likes. */
function verify(text: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'overspan-unit-'));
  try {
    const path = join(directory, 'overspan.service');
    writeFileSync(path, text);
    const { stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], {
      encoding: 'utf8',
    });
    return stderr.split('\n').filter((line) => line.includes('overspan.service'));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

describe('the unit', () => {
  it('is this', async () => {
    await expect(unit).toMatchFileSnapshot('golden/overspan.service');
  });

  it('holds no word that systemd does not know', (context) => {
    if (refusal !== null) context.skip(refusal);
    // It looks for the program, too, which is that of another machine: this one's takes its place.
    const here = unit.replaceAll('/usr/bin/node', process.execPath);
    expect(verify(here)).toEqual([]);
    // It would say so.
    for (const [right, wrong] of [
      ['RestrictNamespaces=yes', 'RestrictNamespaces=perhaps'],
      ['DevicePolicy=', 'DevicesPolicy='],
    ] as const)
      expect(verify(here.replace(right, wrong))).toHaveLength(1);
  });

  it.each([
    ['/usr/bin/node', '/usr/bin/node'],
    ['/opt/a program/main.js', '"/opt/a program/main.js"'],
    ['50%', '50%%'],
    ['$HOME', '$$HOME'],
    ['a"b\\c', '"a\\"b\\\\c"'],
  ])('writes the word %s', (word, written) => {
    expect(commandWord(word)).toBe(written);
  });
});

describe('the user', () => {
  it('is made by systemd-sysusers', (context) => {
    const root = mkdtempSync(join(tmpdir(), 'overspan-sysusers-'));
    try {
      mkdirSync(join(root, 'etc/sysusers.d'), { recursive: true });
      writeFileSync(
        join(root, 'etc/sysusers.d/overspan.conf'),
        markedText(sysusersText(), '1.2.3'),
      );
      const made = spawnSync('systemd-sysusers', [`--root=${root}`, 'overspan.conf'], {
        encoding: 'utf8',
      });
      if (made.error !== undefined) context.skip('systemd-sysusers is not installed');
      if (process.getuid?.() !== 0) context.skip('only root can make files of others');
      expect([made.status, readFileSync(join(root, 'etc/passwd'), 'utf8')]).toEqual([
        0,
        expect.stringMatching(/^overspan:x:\d+:\d+:Overspan node:\/var\/lib\/overspan:.*nologin$/m),
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe('the environment', () => {
  it('holds whatever a password is made of', () => {
    const password = 'a"b\\c$d`e #f\'g%h';
    const text = environmentText({ OVERSPAN_STORE: password });
    expect(text).toBe('OVERSPAN_STORE="a\\"b\\\\c\\$d\\`e #f\'g%h"\n');
    // Within double quotes a shell undoes the same four escapes as systemd.
    const read = execFileSync('sh', ['-c', `${text}printf %s "$OVERSPAN_STORE"`]);
    expect(read.toString()).toBe(password);
  });
});
