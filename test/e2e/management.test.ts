/** A network from making it to shutting a member out, by the commands that a person types, on three nodes. */
import { readFileSync, writeFileSync } from 'node:fs';

import { beforeAll, expect, it } from 'vitest';

import type { AuditEntryV1, MemberV1, NewInviteV1, NewTokenV1 } from '../../src/api/schema/v1.ts';
import { describeNodes, nodeLab } from './node-lab.ts';
import { stage } from './program.ts';

const here = stage('management');
const lab = nodeLab(here, ['root', 'a', 'b']);
const [root, a, b] = [lab.host('root'), lab.host('a'), lab.host('b')];
let network = '';

interface Joined {
  readonly isJoined: boolean;
  readonly address: string;
  readonly network: { readonly assignedAddresses: readonly string[] };
}

const ipOf = ({ network: { assignedAddresses } }: Joined): string =>
  assignedAddresses.find((each) => /^\d+\./.test(each))?.split('/')[0] ?? '';
const memberOf = async (address: string): Promise<MemberV1> =>
  (await root.json<{ member: MemberV1 }>('member', 'show', network, address)).member;

beforeAll(async () => {
  await root.up();
  await Promise.all([a.up(), b.up()]);
  await Promise.all([a.online(), b.online()]);
  const made = await root.json<{ network: { id: string } }>('network', 'create', '--name', 'lab');
  network = made.network.id;
});

describeNodes('a network', () => {
  it('lets in who brings an invitation, once, and who is authorised', async () => {
    const { invite } = await root.json<{ invite: NewInviteV1 }>('invite', 'create', network);
    const first = await a.json<Joined>('join', invite.invitation);
    expect(first.isJoined).toBe(true);
    const second = await b.json<Joined>('join', invite.invitation);
    expect(second.isJoined).toBe(false);
    expect(await memberOf(first.address)).toMatchObject({
      state: 'ok',
      authorizedBy: 'token',
      heard: { software: { isOverspan: true, platform: `linux/${process.arch}` } },
    });
    expect(await memberOf(second.address)).toMatchObject({ state: 'waiting', isAuthorized: false });
    await root.json('member', 'authorize', network, second.address);
    const joined = await b.json<Joined>('join', network, '--wait', '--timeout', '10');
    expect((await a.ping(ipOf(joined), 3)).received).toBe(3);
  });

  it('has rules that were tried before they are saved', async () => {
    const file = here.path('rules');
    const source =
      'drop not ethertype ipv4 and not ethertype arp;\naccept;\nexpect drop from member to member ethertype ipv6;\n';
    writeFileSync(file, source);
    const applied = await root.overspan('rule', 'apply', network, file);
    expect(applied.stdout).toContain('1 expectations hold');
    writeFileSync(file, source.replace('expect drop', 'expect accept'));
    const refused = await root.overspan('rule', 'apply', network, file);
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('RULES_TEST_FAILED'),
    ]);
    expect((await root.overspan('rule', 'show', network)).stdout).toBe(source);
  });

  it('says why a member does not work', async () => {
    interface Why {
      readonly diagnosis: { readonly confidence: string; readonly next: string };
    }
    const stranger = '0123456789';
    const unknown = await root.overspan('why', network, stranger);
    expect([unknown.code, unknown.stderr]).toEqual([4, expect.stringContaining('MEMBER_UNKNOWN')]);
    await root.json('member', 'authorize', network, stranger);
    expect((await root.json<Why>('why', stranger)).diagnosis.confidence).toBe('likely');
    const { address } = await a.json<{ address: string }>('info');
    const bundle = here.path('bundle.json');
    const well = await root.json<Why>('why', network, address, '--bundle', bundle);
    expect(well.diagnosis.confidence).toBe('unknown');
    const written = readFileSync(bundle, 'utf8');
    expect(written).toContain(address);
    expect(written).not.toMatch(/10\.(77|147)\./);
  });

  it('shuts a member out, and knows who has heard of it', async () => {
    const { address } = await b.json<Joined>('join', network);
    await root.json('member', 'deauthorize', network, address);
    const { address: other } = await a.json<{ address: string }>('info');
    await expect
      .poll(async () => (await memberOf(address)).revocation?.confirmed ?? [], { timeout: 5_000 })
      .toContain(other);
    expect((await memberOf(address)).state).toBe('denied');
  });

  it('bans a member, which no list lets in before a person lifts that', async () => {
    const { address } = await b.json<{ address: string }>('info');
    const banned = await root.overspan('member', 'ban', network, address);
    expect(banned.stdout).toBe(`${address} is banned on ${network}\n`);
    const refused = await root.overspan('member', 'authorize', network, address);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(`overspan member unban ${network} ${address}`);
    expect((await root.overspan('member', 'list', network)).stdout).toMatch(/denied, banned/);
    expect((await root.overspan('member', 'show', network, address)).stdout).toMatch(/^banned /m);
    expect((await root.overspan('why', network, address)).stdout).toContain('is banned from');
    const lifted = await root.overspan('member', 'unban', network, address);
    expect(lifted.stdout).toBe(`${address} is not banned on ${network}\n`);
    expect(await memberOf(address)).toMatchObject({ isBanned: false, isAuthorized: false });
  });

  it('is there for programs with a token, and remembers who did what', async () => {
    const words = ['api-token', 'create', 'ci', '--scope', 'members'] as const;
    const { token } = await root.json<{ token: NewTokenV1 }>(...words);
    const url = `http://127.0.0.1:9993/api/v1/networks/${network}/members`;
    const bearer = ['-H', `Authorization: Bearer ${token.token}`] as const;
    const asked = await root.run('curl', '-sS', ...bearer, url);
    expect((JSON.parse(asked.stdout) as MemberV1[]).length).toBe(3);
    const ended = await root.overspan('audit', '--network', network, '--json');
    const lines = ended.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as AuditEntryV1);
    expect(lines.map(({ action }) => action)).toEqual([
      'member.unban',
      'member.ban',
      'member.deauthorize',
      'member.authorize',
      'network.rules',
      'member.authorize',
      'invite.create',
      'network.create',
    ]);
    const revoked = await root.overspan('api-token', 'revoke', token.id);
    expect(revoked.code).toBe(0);
    const refused = await root.run('curl', '-sS', ...bearer, url);
    expect(JSON.parse(refused.stdout)).toMatchObject({ status: 401, code: 'API_TOKEN_REFUSED' });
  });
});
