/** Our certificates as OpenSSL sees them, and certificates of plain OpenSSL commands as we see them. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  fingerprint,
  fixedServerName,
  initAuthority,
  inspect,
  issueClient,
  issueServer,
  keyTypes,
  loadAuthority,
  loadIdentity,
  makeRequest,
  signRequest,
  validityInWords,
} from '../../src/harness/pki/index.ts';
import { systemClock } from '../../src/sys/clock.ts';

/** What openssl makes is valid from its own now on: read the clock after it has run. */
const wallMs = (): number => systemClock.wallMs();
const now = wallMs();
const msPerDay = 86_400_000;
let directory = '';
const at = (...path: string[]): string => join(directory, ...path);
/** Runs openssl in the test's directory. @param command - words without spaces; those with any come after it */
const openssl = (command: string, ...words: string[]): string =>
  execFileSync('openssl', [...command.split(' '), ...words], {
    cwd: directory,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
const write = (name: string, ...texts: string[]): string => {
  writeFileSync(at(name), texts.join(''));
  return at(name);
};
const read = (name: string): string => readFileSync(at(name), 'utf8');

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'overspan-pki-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('what we make, by openssl', () => {
  it.each(keyTypes)(
    'verifies strictly, for both purposes, with an authority of %s',
    async (keyType) => {
      const dir = at(keyType);
      await initAuthority(dir, { keyType, now, name: 'Prüfstelle, O=none' });
      await issueServer(dir, { names: ['192.0.2.7', '2001:db8::1', 'Host.example'], now });
      await issueClient(dir, { name: 'laptop', now });
      const strictly = `verify -x509_strict -CAfile ${join(dir, 'ca.pem')} -purpose`;
      expect(
        openssl(
          `${strictly} sslserver -verify_hostname ${fixedServerName} ${join(dir, 'server.pem')}`,
        ),
      ).toContain('OK');
      for (const ip of ['192.0.2.7', '2001:db8::1'])
        expect(
          openssl(`${strictly} sslserver -verify_ip ${ip} ${join(dir, 'server.pem')}`),
        ).toContain('OK');
      expect(openssl(`${strictly} sslclient ${join(dir, 'clients', 'laptop.pem')}`)).toContain(
        'OK',
      );
      expect(() => openssl(`${strictly} sslserver ${join(dir, 'clients', 'laptop.pem')}`)).toThrow(
        /purpose/,
      );
      expect(() => openssl(`${strictly} sslclient ${join(dir, 'server.pem')}`)).toThrow(/purpose/);
      expect(openssl(`pkey -in ${join(dir, 'server.key')} -check -noout`)).toContain('valid');
    },
  );

  it('carries the extensions of its kind', () => {
    const ca = openssl(
      `x509 -in ${at('ecdsa-p256', 'ca.pem')} -noout -text -nameopt RFC2253,utf8,-esc_msb`,
    );
    expect(ca).toMatch(/Subject: CN=Prüfstelle\\, O=none\n/);
    expect(ca).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0\n/);
    expect(ca).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    const server = openssl(`x509 -in ${at('ecdsa-p256', 'server.pem')} -noout -text`);
    expect(server).toMatch(/Basic Constraints: critical\s+CA:FALSE\n/);
    expect(server).toMatch(/Key Usage: critical\s+Digital Signature\n/);
    expect(server).toMatch(/Extended Key Usage: \s*TLS Web Server Authentication\n/);
    expect(server).toContain(
      `DNS:host.example, DNS:${fixedServerName}, IP Address:192.0.2.7, IP Address:2001:DB8:`,
    );
    const keyId = /Subject Key Identifier: \s+([0-9A-F:]+)/.exec(ca)?.[1] ?? '?';
    expect(server).toMatch(new RegExp(`Authority Key Identifier: \\s+(keyid:)?${keyId}`));
  });

  it('has a positive serial of its own, a late clock in mind, and the validity that was asked for', async () => {
    const dir = at('ecdsa-p256');
    const serials = new Set<string>();
    for (let index = 0; index < 4; index++) {
      const { certificate } = await issueClient(dir, { name: 'again', days: 10, force: true, now });
      expect(openssl(`x509 -in ${join(dir, 'clients', 'again.pem')} -noout -serial`)).not.toContain(
        '-',
      );
      expect(certificate.notBeforeUnixMs).toBe(Math.floor((now - 300_000) / 1000) * 1000);
      expect(certificate.notAfterUnixMs).toBe(Math.floor((now + 10 * msPerDay) / 1000) * 1000);
      serials.add(certificate.serial);
    }
    expect(serials.size).toBe(4);
  });

  it('reaches beyond 2050, and never beyond its authority', async () => {
    const dir = at('long');
    const { certificate: ca } = await initAuthority(dir, { days: 20_000, now });
    expect(openssl(`verify -CAfile ${join(dir, 'ca.pem')} ${join(dir, 'ca.pem')}`)).toContain('OK');
    const { certificate } = await issueClient(dir, { name: 'x', days: 36_500, now });
    expect(certificate.notAfterUnixMs).toBe(ca.notAfterUnixMs);
  });

  it('has the fingerprint that openssl prints', () => {
    const line = openssl(`x509 -in ${at('ecdsa-p256', 'ca.pem')} -noout -fingerprint -sha256`);
    const hex = line.split('=')[1]?.trim().replaceAll(':', '').toLowerCase();
    expect(fingerprint(new X509Certificate(read('ecdsa-p256/ca.pem')))).toBe(hex);
  });

  it('is not overwritten without force', async () => {
    const dir = at('ecdsa-p256');
    const before = [read('ecdsa-p256/ca.pem'), read('ecdsa-p256/ca.key')];
    await expect(initAuthority(dir, { now })).rejects.toMatchObject({
      code: 'PKI_FILE_EXISTS',
      remedy: expect.stringContaining('--force') as string,
    });
    expect([read('ecdsa-p256/ca.pem'), read('ecdsa-p256/ca.key')]).toEqual(before);
  });

  it.each([0, -1, 1.5, NaN, 36_501])('refuses a validity of %s days', async (days) => {
    await expect(initAuthority(at('never'), { days, now })).rejects.toMatchObject({
      code: 'PKI_DAYS_INVALID',
    });
  });
});

describe('requests', () => {
  it('of ours are what openssl takes, and of openssl what we take: key only', async () => {
    const authority = await loadAuthority(at('ecdsa-p256'), wallMs());
    write('ours.csr', (await makeRequest('me')).csrPem);
    expect(openssl('req -in ours.csr -verify -noout -subject')).toContain('CN = me');
    openssl(
      `req -new -newkey rsa:2048 -nodes -keyout rsa.key -out rsa.csr -subj /CN=admin/O=Evil -addext basicConstraints=critical,CA:TRUE -addext extendedKeyUsage=serverAuth -addext subjectAltName=DNS:${fixedServerName}`,
    );
    write(
      'rsa.pem',
      await signRequest(authority, read('rsa.csr'), { name: 'guest', now: wallMs() }),
    );
    const text = openssl('x509 -in rsa.pem -noout -text');
    expect(text).toMatch(/Subject: CN = guest\n/);
    expect(text).toMatch(/CA:FALSE/);
    expect(text).toMatch(/Extended Key Usage: \s*TLS Web Client Authentication\n/);
    expect(text).not.toContain(fixedServerName);
    await loadIdentity(
      { ca: at('ecdsa-p256', 'ca.pem'), cert: at('rsa.pem'), key: at('rsa.key') },
      { now: wallMs(), purpose: 'client' },
    );
  });

  it('with weak or unknown keys are refused', async () => {
    const authority = await loadAuthority(at('ecdsa-p256'), wallMs());
    for (const key of ['rsa:1024', 'ec -pkeyopt ec_paramgen_curve:secp256k1', 'ed25519']) {
      openssl(`req -new -newkey ${key} -nodes -keyout weak.key -out weak.csr -subj /CN=x`);
      await expect(
        signRequest(authority, read('weak.csr'), { name: 'x', now: wallMs() }),
      ).rejects.toMatchObject({
        code: 'PKI_KEY_UNSUPPORTED',
      });
    }
  });
});

describe('what plain openssl makes, by us', () => {
  beforeAll(() => {
    openssl(
      'req -x509 -newkey rsa:2048 -nodes -keyout root.key -out root.pem -subj /C=DE/O=Plain/CN=Root -days 100',
    );
    // An old-fashioned leaf: SEC1 key with its parameters before it, no extensions, text around the certificate.
    openssl('ecparam -genkey -name prime256v1 -out leaf.key');
    openssl('req -new -key leaf.key -subj /CN=leaf -out leaf.csr');
    openssl(
      'x509 -req -in leaf.csr -CA root.pem -CAkey root.key -CAcreateserial -days 60 -text -out leaf.pem',
    );
    chmodSync(at('leaf.key'), 0o600);
  });

  it.each([
    ['SEC1 with parameters', () => read('leaf.key')],
    ['SEC1', () => openssl('ec -in leaf.key')],
    ['PKCS#8', () => openssl('pkey -in leaf.key')],
    ['PKCS#8 with CRLF', () => openssl('pkey -in leaf.key').replaceAll('\n', '\r\n')],
  ])('loads a key as %s', async (_, key) => {
    write('form.key', key());
    chmodSync(at('form.key'), 0o600);
    const identity = await loadIdentity(
      { ca: at('root.pem'), cert: at('leaf.pem'), key: at('form.key') },
      { now: wallMs(), purpose: 'server' },
    );
    expect(identity.warnings).toEqual([]);
    expect(JSON.stringify(identity.keyPem)).toBe('"[redacted]"');
  });

  it('loads RSA keys as PKCS#1 and both parts from one file', async () => {
    const pkcs1 = openssl('rsa -in root.key -traditional');
    expect(pkcs1).toContain('BEGIN RSA PRIVATE KEY');
    const both = write('both.pem', pkcs1, read('root.pem'));
    chmodSync(both, 0o600);
    expect(
      (await loadIdentity({ cert: both, key: both }, { now: wallMs() })).certPem,
    ).not.toContain('PRIVATE');
  });

  it('signs with an authority of openssl, RSA or elliptic, whatever its key identifier', async () => {
    write(
      'own.cnf',
      '[req]\ndistinguished_name=dn\nx509_extensions=ca\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\nsubjectKeyIdentifier=0102030405\n',
    );
    for (const [name, key] of [
      ['r', 'rsa:2048'],
      ['p384', 'ec -pkeyopt ec_paramgen_curve:P-384'],
    ] as const) {
      mkdirSync(at(name));
      openssl(
        `req -x509 -newkey ${key} -nodes -keyout ${name}/ca.key -out ${name}/ca.pem -subj /C=DE/O=Plain/CN=Own -days 100 -config own.cnf`,
      );
      await issueServer(at(name), { names: ['a.test'], now: wallMs() });
      expect(
        openssl(`verify -CAfile ${name}/ca.pem -purpose sslserver ${name}/server.pem`),
      ).toContain('OK');
    }
  });

  it('follows a chain over an intermediate authority', async () => {
    openssl('req -new -newkey rsa:2048 -nodes -keyout mid.key -out mid.csr -subj /CN=Mid');
    write('ca.ext', 'basicConstraints=critical,CA:TRUE\n');
    openssl(
      'x509 -req -in mid.csr -CA root.pem -CAkey root.key -CAcreateserial -days 90 -extfile ca.ext -out mid.pem',
    );
    openssl(
      'x509 -req -in leaf.csr -CA mid.pem -CAkey mid.key -CAcreateserial -days 60 -out low.pem',
    );
    const chain = write('chain.pem', read('low.pem'), read('mid.pem'));
    await loadIdentity({ ca: at('root.pem'), cert: chain, key: at('leaf.key') }, { now: wallMs() });
    await expect(
      loadIdentity({ ca: at('root.pem'), cert: at('low.pem') }, { now: wallMs() }),
    ).rejects.toMatchObject({ code: 'PKI_WRONG_CA' });
    // As our own authority: the chain is sent along, and clients trust the root.
    mkdirSync(at('mid'));
    write('mid/ca.pem', read('mid.pem'), read('root.pem'));
    write('mid/ca.key', read('mid.key'));
    expect((await loadAuthority(at('mid'), wallMs())).anchorPem).toBe(
      new X509Certificate(read('root.pem')).toString(),
    );
    await issueServer(at('mid'), { names: [], now: wallMs() });
    expect(openssl('verify -CAfile root.pem -untrusted mid/server.pem mid/server.pem')).toContain(
      'OK',
    );
  });

  const failing = (files: Parameters<typeof loadIdentity>[0], atMs = wallMs()): Promise<unknown> =>
    loadIdentity(files, { now: atMs, purpose: 'server' }).catch((error: unknown) => error);

  it('says what is wrong with files', async () => {
    const leaf = at('leaf.pem');
    expect(await failing({ cert: at('none.pem') })).toMatchObject({ code: 'PKI_FILE_MISSING' });
    expect(await failing({ cert: directory })).toMatchObject({ code: 'PKI_FILE_UNREADABLE' });
    expect(await failing({ cert: at('leaf.key') })).toMatchObject({
      code: 'PKI_NOT_PEM',
      message: expect.stringContaining('ec private key') as string,
    });
    expect(await failing({ cert: leaf, key: leaf })).toMatchObject({ code: 'PKI_NOT_PEM' });
    expect(await failing({ cert: write('empty.pem') })).toMatchObject({ code: 'PKI_NOT_PEM' });
    expect(
      await failing({ cert: write('cut.pem', read('root.pem').replace(/\n.{20}/, '\n')) }),
    ).toMatchObject({ code: 'PKI_NOT_PEM', message: expect.stringContaining('damaged') as string });
    openssl('x509 -in leaf.pem -outform der -out leaf.der');
    expect(await failing({ cert: at('leaf.der') })).toMatchObject({
      code: 'PKI_NOT_PEM',
      remedy: expect.stringContaining('-inform der') as string,
    });
    openssl('genrsa -out other.key 2048');
    expect(await failing({ cert: leaf, key: at('other.key') })).toMatchObject({
      code: 'PKI_KEY_MISMATCH',
    });
    expect(await failing({ ca: at('ecdsa-p256', 'ca.pem'), cert: leaf })).toMatchObject({
      code: 'PKI_WRONG_CA',
      message: expect.stringContaining('CN=Root') as string,
    });
    expect(await failing({ cert: at('ecdsa-p256', 'clients', 'laptop.pem') })).toMatchObject({
      code: 'PKI_WRONG_PURPOSE',
    });
  });

  it('gives the command that decrypts an encrypted key, and it works', async () => {
    for (const words of ['pkey -aes256', 'ec -aes256']) {
      openssl(`${words} -in leaf.key -passout pass:x -out`, "it's locked.key");
      const error = (await failing({ key: at("it's locked.key") })) as {
        code: string;
        remedy: string;
      };
      expect(error.code).toBe('PKI_KEY_ENCRYPTED');
      const command = error.remedy.split('   ')[0] ?? '';
      execFileSync('sh', ['-c', `${command} -passin pass:x`], { stdio: 'ignore' });
      expect(
        await failing({ cert: at('leaf.pem'), key: at("it's locked.key.plain") }),
      ).toMatchObject({ warnings: [] });
    }
  });

  it('says when a certificate is out of its time or about to be', async () => {
    const files = { ca: at('root.pem'), cert: at('leaf.pem') };
    expect(await failing(files, wallMs() - 2 * msPerDay)).toMatchObject({
      code: 'PKI_NOT_YET_VALID',
    });
    expect(await failing(files, wallMs() + 61 * msPerDay)).toMatchObject({ code: 'PKI_EXPIRED' });
    expect(await failing(files, wallMs() + 29 * msPerDay)).toMatchObject({ warnings: [] });
    expect(await failing(files, wallMs() + 31 * msPerDay)).toMatchObject({
      warnings: [{ code: 'PKI_EXPIRES_SOON' }],
    });
    expect(await failing({ ca: at('root.pem') }, wallMs() + 101 * msPerDay)).toMatchObject({
      code: 'PKI_EXPIRED',
    });
  });

  it('warns of a key that others can read', async () => {
    const key = write('open.key', read('leaf.key'));
    chmodSync(key, 0o644);
    expect(await failing({ cert: at('leaf.pem'), key })).toMatchObject({
      warnings: [{ code: 'PKI_KEY_READABLE', remedy: `chmod 600 ${key}` }],
    });
  });

  it('shows all that is wrong with a directory at once, and names made to harm escaped', async () => {
    mkdirSync(at('shown'));
    openssl(
      'req -x509 -newkey rsa:2048 -nodes -keyout shown/evil.key -out shown/evil.pem -days 1 -utf8 -subj /CN=a\u001b]0;pwned\u0007\u202eb -addext subjectAltName=DNS:a\u001b[2J,IP:2001:db8::1,URI:x:\u009by',
    );
    write('shown/ca.pem', read('root.pem'));
    write('shown/damaged.crt', 'x');
    write('shown/evil.key', read('leaf.key'));
    chmodSync(at('shown', 'evil.key'), 0o600);
    const files = await inspect(at('shown'), wallMs());
    expect(files.map(({ file, problems }) => [file, problems.map(({ code }) => code)])).toEqual([
      [at('shown', 'ca.pem'), []],
      [at('shown', 'damaged.crt'), ['PKI_NOT_PEM']],
      [at('shown', 'evil.pem'), ['PKI_KEY_MISMATCH', 'PKI_WRONG_CA', 'PKI_EXPIRES_SOON']],
    ]);
    const facts = files[2]?.certificates[0];
    expect(JSON.stringify(facts)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(facts?.names[1]).toBe('2001:db8::1');
    expect(validityInWords(facts!, wallMs())).toMatch(
      /^expires in 2[34] hours \(\d{4}-\d\d-\d\d\)$/,
    );
    await expect(inspect(at('nowhere'), wallMs())).rejects.toMatchObject({
      code: 'PKI_FILE_MISSING',
    });
  });
});
