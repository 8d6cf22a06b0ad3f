/** `overspan wire identity`, as a person types it. */
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from 'vitest';

import { formatIdentity, formatSecretIdentity } from '../../src/wire/identity.ts';
import { testIdentity } from '../vectors/identities.ts';
import { loadVectors } from '../vectors/load.ts';
import { errorOf, stage } from './program.ts';

const here = stage('wire-identity');
const root = join(import.meta.dirname, '../..');
const secretText = formatSecretIdentity(testIdentity(7)).reveal();
const publicText = formatIdentity(testIdentity(7).identity);
const secretKey = secretText.split(':')[3]!;
const vectors = loadVectors<{
  readonly valid: readonly { readonly public: string; readonly public_key_hash_sha384: string }[];
  readonly invalid: readonly { readonly identity: string; readonly parses: boolean }[];
}>('identities.json');

const identity = (...words: readonly string[]): ReturnType<typeof here.overspan> =>
  here.overspan('wire', 'identity', ...words);

/** A file with the text of test identity 7 and its secret key. */
function secretFile(name: string): string {
  const path = here.path(name);
  writeFileSync(path, `${secretText}\n`, { mode: 0o600 });
  return path;
}

describe('overspan wire identity new', () => {
  it('keeps the secret key in a file for its owner alone, which verify and show then read', async () => {
    const file = here.path('made', 'identity.secret');
    const made = await identity('new', '--out', file);
    expect(made).toMatchObject({ code: 0, stderr: '' });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const text = readFileSync(file, 'latin1');
    expect(text).toMatch(/^[0-9a-f]{10}:0:[0-9a-f]{128}:[0-9a-f]{128}\n$/);
    const [address, , , secret] = text.trim().split(':') as [string, string, string, string];
    expect(made.stdout).toMatch(new RegExp(`^made an identity: ${address}\n`));
    expect(made.stdout).not.toContain(secret);

    expect(await identity('verify', file)).toMatchObject({
      code: 0,
      stdout: `${address} is valid: it follows from its public and secret keys\n`,
      stderr: '',
    });
    const shown = await identity('show', file, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({ address, hasSecretKey: true, file });
    expect(shown.stdout).not.toContain(secret);
  });

  it('never replaces a file unless that was asked for', async () => {
    const file = secretFile('there.secret');
    const refused = await identity('new', '--out', file, '--json');
    expect(refused.code).toBe(1);
    expect(errorOf(refused)).toMatchObject({ code: 'IDENTITY_FILE_EXISTS' });
    expect(readFileSync(file, 'latin1')).toBe(`${secretText}\n`);
    const forced = await identity('new', '--out', file, '--force', '--json');
    expect(forced.code).toBe(0);
    const { identity: made } = JSON.parse(forced.stdout) as { identity: string };
    expect(readFileSync(file, 'latin1').startsWith(`${made}:`)).toBe(true);
  });

  it('prints the secret key only where that was asked for, and then nothing else', async () => {
    const nowhere = await identity('new');
    expect(nowhere).toMatchObject({ code: 2, stdout: '' });
    expect(nowhere.stderr).toMatch(/^IDENTITY_NOWHERE_TO_GO: .*\nremedy: .*--out/);
    const printed = await identity('new', '--show-secret');
    expect(printed).toMatchObject({ code: 0, stderr: '' });
    expect(printed.stdout).toMatch(/^[0-9a-f]{10}:0:[0-9a-f]{128}:[0-9a-f]{128}\n$/);
  });
});

describe('overspan wire identity show', () => {
  it('shows everything but the secret key', async () => {
    const file = secretFile('shown.secret');
    const shown = await identity('show', file);
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    const [address, , publicKey] = publicText.split(':') as [string, string, string];
    expect(shown.stdout.split('\n').slice(0, 3)).toEqual([
      address,
      '  type         0 (X25519 and Ed25519)',
      `  public key   ${publicKey}`,
    ]);
    expect(shown.stdout).toContain(`  secret key   in ${file}, not shown\n`);
    expect(shown.stdout).toContain(`  identity     ${publicText}\n`);
    expect(shown.stdout).not.toContain(secretKey);
    chmodSync(file, 0o644);
    expect((await identity('show', file)).stderr).toMatch(/^note: others may read .*chmod 600/);
  });

  it('takes the text itself, and gives the fingerprint of the vectors', async () => {
    const { public: text, public_key_hash_sha384 } = vectors.valid[0]!;
    const shown = await identity('show', text, '--json');
    expect(shown.stderr).toBe('');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      identity: text,
      fingerprint: public_key_hash_sha384,
      hasSecretKey: false,
      file: null,
    });
    const given = await identity('show', secretText);
    expect(given.stderr).toMatch(/^note: others can see the words of a command/);
    expect(given.stdout).not.toContain(secretKey);
  });

  it('says what is wrong with what it is given', async () => {
    const missing = await identity('show', here.path('none'), '--json');
    expect(missing.code).toBe(4);
    expect(errorOf(missing).code).toBe('IDENTITY_FILE_MISSING');
    const file = here.path('other');
    writeFileSync(file, `${secretText.slice(0, -1)}g\n`);
    for (const word of [file, '0000000000:0:1234']) {
      const bad = await identity('show', word);
      expect(bad).toMatchObject({ code: 2, stdout: '' });
      expect(bad.stderr).toMatch(/^IDENTITY_INVALID: .*\nremedy: /);
      expect(bad.stderr).not.toContain(secretKey.slice(0, 20));
    }
  });
});

describe('overspan wire identity verify', () => {
  it('exits with 1 and names the rule that is broken', async () => {
    const rules: unknown[] = [];
    for (const { identity: text } of vectors.invalid.filter(({ parses }) => parses)) {
      const { code, stdout } = await identity('verify', text, '--json');
      expect(code).toBe(1);
      const result = JSON.parse(stdout) as { valid: boolean; brokenRule: string };
      expect(result.valid).toBe(false);
      rules.push(result.brokenRule);
    }
    expect(rules[0]).toBe('proof-of-work');
    expect(rules[1]).toBe('wrong-address');
    const file = here.path('swapped.secret');
    const other = formatSecretIdentity(testIdentity(8)).reveal().split(':')[3]!;
    writeFileSync(file, `${publicText}:${other}`, { mode: 0o600 });
    expect(await identity('verify', file)).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('is not valid: wrong-secret-key: ') as string,
    });
  });

  it('exits with 130 when it is interrupted', async () => {
    const file = here.path('pipe');
    expect((await here.run(['mkfifo', file])).code).toBe(0);
    const program = here.begin(['wire', 'identity', 'verify', file]);
    // Opens when the program has opened it: it reads, and waits.
    const pipe = await open(file, 'w');
    program.signal('SIGINT');
    await pipe.writeFile(publicText);
    await pipe.close();
    expect(await program.ended).toMatchObject({ code: 130, stdout: '', stderr: '' });
  });

  it('runs from the sources, too', async () => {
    const main = join(root, 'src/cli/main.ts');
    const argv = [process.execPath, '--import', 'tsx', main, 'wire', 'identity', 'verify'];
    const ended = await here.run([...argv, publicText], { directory: root });
    expect(ended).toMatchObject({
      code: 0,
      stdout: `${publicText.slice(0, 10)} is valid: it follows from its public key\n`,
    });
  });
});

describe('the thread of identities, compiled', () => {
  it('does not keep a program alive that has nothing to do', async () => {
    const index = pathToFileURL(join(root, 'dist/io/identity/index.js')).href;
    const source = `
      const { IdentityThread } = await import('${index}');
      const made = await new IdentityThread().generate();
      console.log(made);`;
    const ended = await here.run([process.execPath, '--input-type=module', '-e', source]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('secretKey: [redacted]');
  });
});
