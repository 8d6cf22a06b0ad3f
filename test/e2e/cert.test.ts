/** `overspan cert`, as a person types it. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { runOverspan, type Ended } from '../programs/program.ts';

const home = mkdtempSync(join(tmpdir(), 'overspan cert '));
afterAll(() => {
  rmSync(home, { recursive: true });
});

const overspan = (...words: readonly string[]): Ended => runOverspan([...words, '--home', home]);

describe('overspan cert', () => {
  it('says what to do first', () => {
    expect(overspan('cert', 'show')).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('overspan cert init') as string,
    });
    expect(overspan('cert', 'issue', 'server')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(
        /^PKI_FILE_MISSING: .*\nremedy: overspan cert init --dir '/,
      ) as string,
    });
  });

  it('makes an authority once', () => {
    const { code, stdout, stderr } = overspan('cert', 'init', '--name', 'Lab', '--days', '400');
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `next: overspan cert issue server --home '${home}'\n`,
    });
    expect(stdout).toMatch(/^made an authority: CN=Lab \(ECDSA P-256\)\n/);
    expect(stdout).toMatch(/validity {5}expires in (399|400) days \(/);
    expect(statSync(join(home, 'pki', 'ca.key')).mode & 0o777).toBe(0o600);
    const again = overspan('cert', 'init');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(/^PKI_FILE_EXISTS: .*\nremedy: .*--force/);
  });

  it('issues and shows certificates', () => {
    expect(overspan('cert', 'issue', 'server', '192.0.2.7', 'a.test').stdout).toContain(
      'a.test, measurement.overspan.internal, 192.0.2.7',
    );
    const { certificate } = JSON.parse(
      overspan('cert', 'issue', 'client', 'laptop', '--json').stdout,
    ) as {
      certificate: { subject: string };
    };
    expect(certificate.subject).toBe('CN=laptop');
    const shown = overspan('cert', 'show');
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout.match(/^ {2}subject .*/gm)).toEqual([
      '  subject   CN=Lab',
      '  subject   CN=a.test',
      '  subject   CN=laptop',
    ]);
    // A new authority of the same name: what the old one issued is shown as what it is.
    overspan('cert', 'init', '--name', 'Lab', '--force');
    const stale = overspan('cert', 'show', '--json');
    expect(stale.code).toBe(1);
    const { files } = JSON.parse(stale.stdout) as { files: { problems: { code: string }[] }[] };
    expect(files.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      [],
      ['PKI_WRONG_CA'],
      ['PKI_WRONG_CA'],
    ]);
  });
});
