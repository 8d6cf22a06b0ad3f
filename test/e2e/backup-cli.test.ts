/** Backup, restore and import as a person runs them, without a daemon: the passphrase on a terminal, what is printed. */
import { cpSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { errorOf, overspanArgv, stage, type Ended } from './program.ts';

const here = stage('backup-cli');
const captures = fileURLToPath(new URL('../vectors/captures/', import.meta.url));

/** Runs a program on a terminal of its own, and types a line at each prompt. */
const onTerminal = `
import os, pty, sys
lines, argv = sys.argv[1].split("|"), sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(argv[0], argv)
said = b""
while True:
    try:
        part = os.read(terminal, 4096)
    except OSError:
        break
    if not part:
        break
    said += part
    if said.endswith((b"passphrase: ", b"again: ")) and lines:
        os.write(terminal, lines.pop(0).encode() + b"\\r")
sys.stdout.write(said.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;

function typed(lines: readonly string[], ...words: readonly string[]): Promise<Ended> {
  return here.start(['python3', '-c', onTerminal, lines.join('|'), ...overspanArgv(...words)])
    .ended;
}

/** A home that owns the networks of the captured controller. */
async function importedHome(): Promise<string> {
  const official = here.newHome();
  mkdirSync(official);
  cpSync(join(captures, 'home/controller.d'), join(official, 'controller.d'), { recursive: true });
  cpSync(join(captures, 'identities/R.identity.secret'), join(official, 'identity.secret'));
  const home = here.newHome();
  const ended = await here.overspan('network', 'import', official, '--home', home);
  expect(ended, ended.stderr).toMatchObject({ code: 0 });
  expect(ended.stdout).toMatch(/^node 283c5bc4bc, whose identity is here now$/m);
  expect(ended.stdout).toMatch(/283c5bc4bcc3c8a8 +lab3 +3 +imported/);
  expect(ended.stdout).toMatch(/^everything was taken over$/m);
  return home;
}

describe('a backup', () => {
  it('asks for its passphrase on a terminal, twice, and shows none of it', async () => {
    const home = await importedHome();
    const file = here.path('typed.backup');
    const differing = await typed(['long enough', 'long enouhg'], 'backup', file, '--home', home);
    expect(differing.stdout).toContain('PASSPHRASE_UNUSABLE');
    expect(existsSync(file)).toBe(false);
    // The backspace takes a letter away.
    const lines = ['long enough', 'long enoughh\u007f'];
    const made = await typed(lines, 'backup', file, '--home', home);
    expect(made, made.stdout).toMatchObject({ code: 0 });
    expect(made.stdout).toContain('owned   1 networks, 3 members');
    expect(made.stdout).not.toContain('enough');
    const into = here.newHome();
    const interrupted = await typed(['\u0003'], 'restore', file, '--home', into);
    expect(interrupted.code).toBe(130);
    expect(existsSync(into)).toBe(false);
    const restored = await typed(['long enough'], 'restore', file, '--home', into);
    expect(restored, restored.stdout).toMatchObject({ code: 0 });
    expect(restored.stdout).toMatch(/node 283c5bc4bc, as of \d{4}-/);
    expect(readdirSync(into).sort()).toEqual([
      ...['controller.db', 'identity.public', 'identity.secret', 'overspan.lock'],
    ]);
  });

  it('needs a passphrase that is one', async () => {
    const home = await importedHome();
    const words = ['backup', here.path('none.backup'), '--home', home, '--json'];
    expect(errorOf(await here.overspan(...words)).code).toBe('PASSPHRASE_UNUSABLE');
    for (const text of ['', 'short\n', '\nin the second line\n']) {
      const file = here.path('short');
      writeFileSync(file, text);
      const ended = await here.overspan(...words, '--passphrase-file', file);
      expect(errorOf(ended).code).toBe('PASSPHRASE_UNUSABLE');
    }
    expect(existsSync(here.path('none.backup'))).toBe(false);
  });
});
