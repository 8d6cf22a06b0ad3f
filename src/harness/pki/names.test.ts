import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  checkAuthorityName,
  checkClientName,
  localNames,
  sanitisedClientName,
  subjectNames,
} from './names.ts';

const invalid = expect.objectContaining({ code: 'PKI_NAME_INVALID' }) as Error;

describe('subjectNames', () => {
  it('sorts, canonicalises and drops doubles', () => {
    expect(
      subjectNames([
        'DB.example.NET.',
        '192.0.2.7',
        '[2001:DB8::0:1]',
        '2001:db8::1',
        'fe80::1%eth0',
        '*.a.test',
        'bücher.example',
        'db.example.net',
      ]),
    ).toEqual({
      ip: ['192.0.2.7', '2001:db8::1', 'fe80::1'],
      dns: ['db.example.net', '*.a.test', 'xn--bcher-kva.example'],
    });
  });

  it.each([
    '',
    ' ',
    '10.1.2.3.4',
    '300.1.1.1',
    'a b',
    'https://x',
    'host:8443',
    '-a',
    'a..b',
    '*',
    'a.*.b',
    'x\u001b[2J',
    `${'a'.repeat(64)}.test`,
  ])('refuses %j', (name) => {
    expect(() => subjectNames([name])).toThrow(invalid);
  });

  it('accepts every name of this machine', () => {
    const { ip, dns } = subjectNames(localNames());
    expect(ip).toContain('127.0.0.1');
    expect(dns).toContain('localhost');
  });
});

describe('client names', () => {
  it('are safe as file names', () => {
    expect(checkClientName('laptop-2.lan')).toBe('laptop-2.lan');
    for (const name of [
      '',
      '.',
      '..',
      '../ca',
      'a/b',
      '.hidden',
      '-rf',
      'a\nb',
      'é',
      'a'.repeat(65),
    ])
      expect(() => checkClientName(name)).toThrow(invalid);
  });

  it('are made valid out of anything', () => {
    expect(sanitisedClientName('../Zoë’s laptop\u001b[31m')).toBe('Zo-s-laptop-31m');
    expect(sanitisedClientName('///')).toBe('client');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(checkClientName(sanitisedClientName(text))).toBeTypeOf('string');
      }),
    );
  });
});

describe('authority names', () => {
  it('are one printable line of at most 64 characters', () => {
    expect(checkAuthorityName('Prüfstelle, O=Test')).toBe('Prüfstelle, O=Test');
    for (const name of ['', '  ', 'a\nb', '\u202eabc', 'x'.repeat(65)])
      expect(() => checkAuthorityName(name)).toThrow(invalid);
  });
});
