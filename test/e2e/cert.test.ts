/** `overspan cert`, as a person types it. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { runOverspan, type Printed } from '../programs/program.ts';

const home = mkdtempSync(join(tmpdir(), 'overspan cert '));
afterAll(() => {
  rmSync(home, { recursive: true });
});

const overspan = (...words: readonly string[]): Printed => runOverspan([...words, '--home', home]);

describe('overspan cert', () => {
  it('says what to do first', () => {
    expect(overspan('cert', 'show')).toMatchObject({
      exit: 4,
      err: expect.stringContaining('overspan cert init') as string,
    });
    expect(overspan('cert', 'issue', 'server')).toMatchObject({
      exit: 4,
      err: expect.stringMatching(
        /^PKI_FILE_MISSING: .*\nremedy: overspan cert init --dir '/,
      ) as string,
    });
  });

  it('makes an authority once', () => {
    const { exit, out, err } = overspan('cert', 'init', '--name', 'Lab', '--days', '400');
    expect({ exit, err }).toEqual({
      exit: 0,
      err: `next: overspan cert issue server --home '${home}'\n`,
    });
    expect(out).toMatch(/^made an authority: CN=Lab \(ECDSA P-256\)\n/);
    expect(out).toMatch(/validity {5}expires in (399|400) days \(/);
    expect(statSync(join(home, 'pki', 'ca.key')).mode & 0o777).toBe(0o600);
    const again = overspan('cert', 'init');
    expect(again).toMatchObject({ exit: 1, out: '' });
    expect(again.err).toMatch(/^PKI_FILE_EXISTS: .*\nremedy: .*--force/);
  });

  it('issues and shows certificates', () => {
    expect(overspan('cert', 'issue', 'server', '192.0.2.7', 'a.test').out).toContain(
      'a.test, measurement.overspan.internal, 192.0.2.7',
    );
    const { certificate } = JSON.parse(
      overspan('cert', 'issue', 'client', 'laptop', '--json').out,
    ) as {
      certificate: { subject: string };
    };
    expect(certificate.subject).toBe('CN=laptop');
    const shown = overspan('cert', 'show');
    expect(shown).toMatchObject({ exit: 0, err: '' });
    expect(shown.out.match(/^ {2}subject .*/gm)).toEqual([
      '  subject   CN=Lab',
      '  subject   CN=a.test',
      '  subject   CN=laptop',
    ]);
    // A new authority of the same name: what the old one issued is shown as what it is.
    overspan('cert', 'init', '--name', 'Lab', '--force');
    const stale = overspan('cert', 'show', '--json');
    expect(stale.exit).toBe(1);
    const { files } = JSON.parse(stale.out) as { files: { problems: { code: string }[] }[] };
    expect(files.map(({ problems }) => problems.map(({ code }) => code))).toEqual([
      [],
      ['PKI_WRONG_CA'],
      ['PKI_WRONG_CA'],
    ]);
  });
});
