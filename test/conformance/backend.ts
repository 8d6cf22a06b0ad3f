/** What every service that owns networks must do behind the interface, whichever make it is. */
import { expect, it } from 'vitest';

import type { Backend, MemberView } from '../../src/api/backend/index.ts';
import { errorCode } from '../../src/base/errors.ts';
import { parseAddress, parseNetworkId, type Address, type NetworkId } from '../../src/base/ids.ts';

const [alice, bob, carol, nobody] = ['45ad10e047', 'bfb8eb1884', '8056c2e21c', '1a2b3c4d5e'].map(
  (text) => parseAddress(text)!,
) as [Address, Address, Address, Address];

/** Declares the tests. @param open - the same one each time, whatever is in it */
export function backendSuite(open: () => Backend): void {
  const made = async (name: string): Promise<NetworkId> =>
    parseNetworkId((await open().createNetwork({ name })).id)!;
  const codeOf = (work: Promise<unknown>): Promise<string | undefined> =>
    work.then(
      () => 'nothing was thrown',
      (error: unknown) => errorCode(error),
    );
  const changed = async (work: (onMember: (m: MemberView) => void) => Promise<void>) => {
    const members: MemberView[] = [];
    await work((member) => members.push(member));
    return members.map(({ address, isAuthorized }) => [address, isAuthorized]);
  };

  it('makes a network as it was asked for', async () => {
    const network = await open().createNetwork({
      name: 'lab',
      isPrivate: false,
      assignsIpv4: true,
      assignsRfc4193: true,
      assigns6plane: true,
      routes: [{ target: '10.9.0.0/24', via: null }],
      pools: [{ first: '10.9.0.1', last: '10.9.0.254' }],
    });
    const shown = await open().network(parseNetworkId(network.id)!);
    expect(shown).toMatchObject({
      name: 'lab',
      isPrivate: false,
      assignsIpv4: true,
      assignsIpv6: false,
      assignsRfc4193: true,
      assigns6plane: true,
      routes: [{ target: '10.9.0.0/24', via: null }],
      pools: [{ first: '10.9.0.1', last: '10.9.0.254' }],
      dns: { domain: '', servers: [] },
      memberCount: 0,
    });
    expect((await open().networks()).map(({ id }) => id)).toContain(network.id);
  });

  it('changes what is named, and nothing else', async () => {
    const id = await made('before');
    await open().changeNetwork(id, { assignsRfc4193: true, assigns6plane: true });
    const changes = { name: 'after', mtu: 1400, assigns6plane: false } as const;
    const dns = { domain: 'lab.test', servers: ['10.9.0.1'] };
    await open().changeNetwork(id, { ...changes, dns });
    const expected = { ...changes, dns, assignsRfc4193: true, isPrivate: true, hasBroadcast: true };
    expect(await open().network(id)).toMatchObject(expected);
  });

  it('lets members in before they ask, and puts several out', async () => {
    const id = await made('members');
    const into = await changed((on) => open().authorize(id, [alice, bob], on));
    expect(into.sort()).toEqual([
      ['45ad10e047', true],
      ['bfb8eb1884', true],
    ]);
    const [first] = await open().members(id);
    expect(first).toMatchObject({ address: '45ad10e047', state: 'never-configured', heard: null });
    const out = await changed((on) => open().deauthorize(id, [alice, bob], on));
    expect(out.sort()).toEqual([
      ['45ad10e047', false],
      ['bfb8eb1884', false],
    ]);
    expect((await open().members(id)).map(({ state }) => state)).toEqual(['denied', 'denied']);
  });

  it('bans and lifts bans, or says that it cannot and changes nothing', async () => {
    const id = await made('bans');
    await changed((on) => open().authorize(id, [alice], on));
    const isThere = open().kind === 'overspan';
    const codes = [
      codeOf(open().ban(id, [alice], () => undefined)),
      codeOf(open().changeMember(id, bob, { isBanned: true })),
    ];
    const [each] = isThere ? ['nothing was thrown'] : ['SERVICE_LACKS'];
    expect(await Promise.all(codes)).toEqual([each, each]);
    expect(await open().member(id, alice)).toMatchObject({
      ...{ isBanned: isThere, isAuthorized: !isThere },
    });
    expect(await codeOf(open().unban(id, [alice], () => undefined))).toBe(each);
    expect(await open().member(id, alice)).toMatchObject({ isBanned: false, bannedAt: null });
    const unknown = await codeOf(open().unban(id, [nobody], () => undefined));
    expect(unknown).toBe(isThere ? 'MEMBER_UNKNOWN' : 'SERVICE_LACKS');
  });

  it('puts nobody out where one of them is not known', async () => {
    const id = await made('typing error');
    await changed((on) => open().authorize(id, [alice], on));
    const refused = codeOf(open().deauthorize(id, [alice, nobody], () => undefined));
    expect(await refused).toBe('MEMBER_UNKNOWN');
    expect((await open().member(id, alice)).isAuthorized).toBe(true);
  });

  it('keeps the name and the addresses of a member', async () => {
    const id = await made('settings');
    await open().changeNetwork(id, { routes: [{ target: '10.9.0.0/24', via: null }] });
    await changed((on) => open().authorize(id, [bob], on));
    await open().changeMember(id, bob, { name: 'bob' });
    await open().changeMember(id, bob, { ipAssignments: ['10.9.0.7'], noAutoAssignIps: true });
    expect(await open().member(id, bob)).toMatchObject({
      name: 'bob',
      isAuthorized: true,
      ipAssignments: ['10.9.0.7'],
      noAutoAssignIps: true,
    });
  });

  it('forgets a member, and a network', async () => {
    const id = await made('gone');
    await changed((on) => open().authorize(id, [alice, bob], on));
    await changed((on) => open().authorize(id, [carol], on));
    const forgotten: Address[] = [];
    const forget = (...which: Address[]): Promise<void> =>
      open().deleteMembers(id, which, (address) => forgotten.push(address));
    expect(await codeOf(forget(alice, nobody))).toBe('MEMBER_UNKNOWN');
    expect(await open().members(id)).toHaveLength(3);
    await forget(alice, carol);
    expect(forgotten).toEqual([alice, carol]);
    expect((await open().members(id)).map(({ address }) => address)).toEqual(['bfb8eb1884']);
    expect(await codeOf(open().member(id, alice))).toBe('MEMBER_UNKNOWN');
    expect(await codeOf(forget(alice))).toBe('MEMBER_UNKNOWN');
    await open().deleteNetwork(id);
    const gone = [
      open().network(id),
      open().members(id),
      open().member(id, bob),
      open().changeNetwork(id, { name: 'x' }),
      open().deleteNetwork(id),
      open().deauthorize(id, [bob], () => undefined),
    ];
    expect(await Promise.all(gone.map(codeOf))).toEqual(gone.map(() => 'NETWORK_NOT_OWNED'));
  });

  it('takes rules, in the form that it has them in', async () => {
    const id = await made('rules');
    const source = 'drop\n\tnot ethertype ipv4\n;\naccept;\n';
    const rules = [
      { type: 'MATCH_ETHERTYPE', not: true, or: false, etherType: 2048 },
      { type: 'ACTION_DROP' },
      { type: 'ACTION_ACCEPT' },
    ];
    await open().setRules(id, { source, json: { rules, capabilities: [], tags: [] } });
    const shown = await open().rules(id);
    if (shown.source === null) expect(shown.json).toMatchObject({ rules });
    else expect(shown.source).toBe(source);
  });
}
