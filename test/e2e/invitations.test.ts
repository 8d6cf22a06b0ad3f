/** Invitations: the line that a server prints gets one client its certificate, once. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { opensslAuthority } from './openssl.ts';
import { otherServer } from './peers.ts';
import { errorOf, events, stage, type Server } from './program.ts';

const here = stage('invitations');
const few = ['-n', '5', '--handshakes', '0'] as const;

const probe = (server: Server | { readonly port: number }, invite: string, home: string) =>
  here.overspan(
    ...['probe', 'tls-rr', `127.0.0.1:${server.port}`, ...few, '--json'],
    ...['--invite', invite, '--home', home],
  );

/** Key files below a directory, with their permissions in octal. */
function keyModes(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.key'))
    .map((name) => (statSync(join(directory, name)).mode & 0o777).toString(8));
}

/** An invitation with another time of expiry: four bytes after the first one. */
function expiringAt(invitation: string, seconds: number): string {
  const bytes = Buffer.from(invitation.slice('ovs1_'.length), 'base64url');
  bytes.writeUInt32BE(seconds, 1);
  return `ovs1_${bytes.toString('base64url')}`;
}

describe('an invitation', () => {
  it('works as the line that is printed, and again at the same home without being used again', async () => {
    const serverHome = here.newHome();
    const words = ['--host', '127.0.0.1', '--port', '0', '--home', serverHome];
    const server = here.begin(['serve', ...words]);
    const line = await server.line(/^ {2}overspan probe tls-rr .* --invite ovs1_/);
    const [name, ...typed] = line.trim().split(' ');
    expect(name).toBe('overspan');
    const home = here.newHome();
    const first = await here.overspan(...typed, ...few, '--home', home);
    expect(first, first.stderr).toMatchObject({ code: 0 });
    expect(first.stdout).toMatch(/5 requests/);
    expect(first.stderr).toMatch(/^enrolled: the certificate and its key are in .*client\.pem$/m);
    const second = await here.overspan(...typed, ...few, '--home', home);
    expect(second).toMatchObject({ code: 0, stderr: '' });
    // Remembered for this server: the invitation need not be said again.
    const third = await here.overspan(...typed.slice(0, 3), ...few, '--home', home);
    expect(third).toMatchObject({ code: 0, stderr: '' });
    expect(keyModes(home)).toEqual(['600']);
    expect(keyModes(serverHome)).toEqual(['600', '600']);
    server.signal('SIGINT');
    const { stdout } = await server.ended;
    expect(stdout.match(/used an invitation and has its certificate/g)).toHaveLength(1);
  });

  it('is refused to a second home, and when it is past its time', async () => {
    const server = await here.serve();
    const { text } = server.facts.invitations[0]!;
    const late = await probe(server, expiringAt(text, 1_700_000_000), here.newHome());
    expect(errorOf(late)).toMatchObject({ code: 'INVITATION_EXPIRED' });
    expect(late.code).toBe(5);
    expect((await probe(server, text, here.newHome())).code).toBe(0);
    const home = here.newHome();
    const again = await probe(server, text, home);
    expect(errorOf(again)).toMatchObject({ code: 'INVITATION_USED' });
    expect(again.code).toBe(5);
    expect(() => keyModes(home)).toThrow(/ENOENT/);
    await server.stop();
  });

  it('goes to one of two homes that use it at the same moment', async () => {
    const server = await here.serve('--invitations', '2');
    for (const { text } of server.facts.invitations) {
      const both = await Promise.all([
        probe(server, text, here.newHome()),
        probe(server, text, here.newHome()),
      ]);
      const [winner, loser] = both.toSorted((a, b) => a.code! - b.code!);
      expect([winner!.code, loser!.code]).toEqual([0, 5]);
      expect(errorOf(loser!)).toMatchObject({ code: 'INVITATION_USED' });
    }
    const { stdout } = await server.stop();
    const enrolled = events(stdout.trimEnd().split('\n'), 'enrolled');
    expect(enrolled.filter(({ granted }) => granted === true)).toHaveLength(2);
    expect(enrolled.filter(({ granted }) => granted === false)).toHaveLength(2);
  });

  it('is not shown to a server of another authority', async () => {
    const home = here.newHome();
    expect((await here.overspan('cert', 'init', '--name', 'Lab', '--home', home)).code).toBe(0);
    const [inviting, other] = await Promise.all([here.serve('--home', home), here.serve()]);
    const { text } = inviting.facts.invitations[0]!;
    const elsewhere = await probe(other, text, here.newHome());
    expect(errorOf(elsewhere)).toMatchObject({ code: 'SERVER_UNTRUSTED' });
    expect(elsewhere.code).toBe(5);
    const { stdout } = await other.stop();
    expect(events(stdout.trimEnd().split('\n'), 'enrolled')).toEqual([]);

    // An impostor: shows the true authority, which is no secret, above a certificate that looks as if it were its own.
    const forged = opensslAuthority(here.path('forged'), 'ec', {
      commonName: 'Lab',
      names: 'DNS:measurement.overspan.internal',
      linked: false,
    });
    const chain = here.path('forged', 'chain.pem');
    await here.run([
      ...['sh', '-c', 'cat "$1" "$2" >"$3"', 'sh'],
      ...[forged.server.cert, join(home, 'pki', 'ca.pem'), chain],
    ]);
    expect(readFileSync(chain, 'utf8').match(/BEGIN/g)).toHaveLength(2);
    const spy = await otherServer(here, 'spy', { cert: chain, key: forged.server.key });
    const deceived = await probe(spy, text, here.newHome());
    expect(errorOf(deceived)).toMatchObject({
      code: 'SERVER_UNTRUSTED',
      message: expect.stringContaining('CERT_SIGNATURE_FAILURE') as string,
    });
    expect(spy.program.lines).toHaveLength(1);
    // It is still good where it belongs.
    expect((await probe(inviting, text, here.newHome())).code).toBe(0);
    await inviting.stop();
  });

  it.each(['ovs1_', 'ovs1_AAAA', 'hello', 'ovs1_\x1b[2J'])('%j is none', async (text) => {
    const ended = await probe({ port: 9 }, text, here.newHome());
    expect(errorOf(ended)).toMatchObject({ code: 'INVITATION_MALFORMED' });
    expect(ended.code).toBe(2);
  });
});
