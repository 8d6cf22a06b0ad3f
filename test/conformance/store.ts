/** What every store of a controller must do: a function of how one is opened. */
import { describe, expect, it } from 'vitest';

import { formatU64, type Address, type NetworkId } from '../../src/base/ids.ts';
import type { AuditEntry, AuditQuery } from '../../src/controller/access/audit-entry.ts';
import type { TokenRecord } from '../../src/controller/access/token-record.ts';
import type { InviteRecord } from '../../src/controller/invite-record.ts';
import { newMember, type MemberRecord } from '../../src/controller/member-record.ts';
import { defaultSettings, type NetworkRecord } from '../../src/controller/network-record.ts';
import type { DurableStore, StoreChange, StoredState } from '../../src/controller/store.ts';
import { testIdentity } from '../vectors/identities.ts';

/** A place for one store, empty at first. */
export interface StorePlace {
  /** Opens it, again and again: what was flushed before is there. */
  open(): Promise<DurableStore & { close(): Promise<void> }>;
}

export const controllerId: Address = testIdentity(0).identity.address;

/** Number `index` of the networks of the tests. */
export function sampleNetwork(index: number): NetworkRecord {
  return {
    networkId: ((BigInt(controllerId) << 24n) | BigInt(index + 1)) as NetworkId,
    settings: {
      ...defaultSettings,
      name: `network ${index} 'quoted" \\ ÿ`,
      pools: [{ first: '10.1.0.1', last: '10.1.0.254' }],
      rules: [
        { kind: 'MATCH_ETHERTYPE', not: true, or: false, etherType: 0x800 },
        { kind: 'MATCH_CHARACTERISTICS', not: false, or: true, mask: 0x8000_0000_0000_0001n },
        { kind: 'ACTION_DROP', not: false, or: false },
      ],
    },
    revision: 1,
    createdAtMs: 1_700_000_000_000.5,
    issuedAfterMs: index,
    shutOut: [{ address: controllerId, thresholdMs: 1_700_000_000_000 }],
  };
}

/** Number `index` of the members of a network. */
export function sampleMember({ networkId }: NetworkRecord, index: number): MemberRecord {
  const { identity } = testIdentity(1 + (index % 900));
  return {
    ...newMember(networkId, ((index + 1) * 7919) as Address, 1_700_000_000_000),
    identity,
    name: `member ${index}`,
    authorization: index % 2 === 0 ? 'command' : null,
    bannedAtMs: index % 2 === 0 ? 0 : 1_700_000_001_000 + index,
    ipAssignments: [`10.1.${index >> 8}.${index & 0xff}`],
    tags: [{ id: 1, value: 0xffff_ffff }],
  };
}

/** Number `index` of the invitations to a network. */
export function sampleInvite({ networkId }: NetworkRecord, index: number): InviteRecord {
  return {
    networkId,
    id: index.toString(16).padStart(8, '0'),
    tokenHash: index.toString(16).padStart(64, '0'),
    note: 'for the workshop',
    createdAtMs: 1_700_000_000_000 + index,
    expiresAtMs: 0,
    usesLeft: index === 0 ? null : index,
  };
}

const token: TokenRecord = {
  id: '0a0b0c0d',
  hash: 'f'.repeat(64),
  name: 'ci',
  scopes: ['read', 'members'],
  createdAtMs: 1_700_000_000_000,
  expiresAtMs: 0,
};

/** Number `index` of the lines of the log. */
export function sampleLine(index: number, network: NetworkRecord | null): AuditEntry {
  return {
    id: index.toString(16).padStart(20, '0'),
    atMs: 1_700_000_000_000 + index,
    actor: { kind: 'token', id: '0a0b0c0d', name: 'ci' },
    action: 'member.authorize',
    network: network === null ? null : formatU64(network.networkId),
    subject: '45ad10e047',
    change: { authorized: true, names: ['ä', '\u0000'] },
  };
}

/** In the order of their keys, which a store need not keep. */
export function inOrder({ networks, members, invites, tokens }: StoredState): StoredState {
  const keyOf = ({ networkId, address }: MemberRecord): string => `${networkId}/${address}`;
  return {
    networks: [...networks].sort((a, b) => (a.networkId < b.networkId ? -1 : 1)),
    members: [...members].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)),
    invites: [...invites].sort((a, b) => (a.id < b.id ? -1 : 1)),
    tokens: [...tokens].sort((a, b) => (a.id < b.id ? -1 : 1)),
  };
}

export function storeConformance(name: string, newPlace: () => StorePlace): void {
  const write = async (place: StorePlace, changes: readonly StoreChange[]): Promise<void> => {
    const store = await place.open();
    store.load();
    for (const change of changes) store.save(change);
    await store.flushed();
    await store.close();
  };
  const read = async (place: StorePlace): Promise<StoredState> => {
    const store = await place.open();
    const state = inOrder(store.load());
    await store.close();
    return state;
  };
  const network = sampleNetwork(0);
  const members = [0, 1, 2].map((index) => sampleMember(network, index));
  const invites = [0, 1].map((index) => sampleInvite(network, index));
  const saved: StoreChange[] = [
    { kind: 'network', record: network },
    ...members.map((record) => ({ kind: 'member', record }) as const),
    ...invites.map((record) => ({ kind: 'invite', record }) as const),
    { kind: 'token', record: token },
  ];

  describe(`${name} as a store`, () => {
    it('is empty at first', async () => {
      expect(await read(newPlace())).toEqual({
        networks: [],
        members: [],
        invites: [],
        tokens: [],
      });
    });

    it('gives back every record as it was saved', async () => {
      const place = newPlace();
      await write(place, saved);
      expect(await read(place)).toEqual(
        inOrder({ networks: [network], members, invites, tokens: [token] }),
      );
    });

    it('keeps the last of several changes, in one transaction or in several', async () => {
      const place = newPlace();
      const renamed = { ...network, revision: 3, settings: { ...network.settings, name: 'later' } };
      const [first, second] = members as [MemberRecord, MemberRecord];
      await write(place, [...saved, { kind: 'member', record: { ...first, name: 'b' } }]);
      await write(place, [
        { kind: 'network', record: { ...network, revision: 2 } },
        { kind: 'network', record: renamed },
        { kind: 'member', record: { ...first, name: 'c' } },
        { kind: 'member-deleted', networkId: network.networkId, address: second.address },
        { kind: 'token-deleted', id: token.id },
        { kind: 'invite', record: { ...invites[1]!, usesLeft: 0 } },
        { kind: 'invite-deleted', networkId: network.networkId, id: invites[0]!.id },
      ]);
      expect(await read(place)).toEqual(
        inOrder({
          networks: [renamed],
          members: [{ ...first, name: 'c' }, members[2]!],
          invites: [{ ...invites[1]!, usesLeft: 0 }],
          tokens: [],
        }),
      );
    });

    it('takes what is its own along with a network that goes, and keeps that of one that comes after', async () => {
      const place = newPlace();
      const other = sampleNetwork(1);
      await write(place, [
        ...saved,
        { kind: 'network', record: other },
        { kind: 'member', record: sampleMember(other, 9) },
      ]);
      await write(place, [
        { kind: 'member', record: { ...members[0]!, name: 'too late' } },
        { kind: 'network-deleted', networkId: network.networkId },
        { kind: 'network', record: { ...network, revision: 9 } },
        { kind: 'member', record: members[2]! },
        { kind: 'invite', record: invites[1]! },
      ]);
      expect(await read(place)).toEqual(
        inOrder({
          networks: [{ ...network, revision: 9 }, other],
          members: [members[2]!, sampleMember(other, 9)],
          invites: [invites[1]!],
          tokens: [token],
        }),
      );
    });

    it('keeps the log in the order of its lines, also of networks that are gone', async () => {
      const place = newPlace();
      const lines = [1, 2, 3, 4].map((index) => sampleLine(index, index === 3 ? null : network));
      await write(place, [
        { kind: 'network', record: network },
        ...lines.map((entry) => ({ kind: 'audit', entry }) as const),
        { kind: 'network-deleted', networkId: network.networkId },
      ]);
      const store = await place.open();
      const of = formatU64(network.networkId);
      expect(await store.audit({ limit: 10 })).toEqual(lines.toReversed());
      expect(await store.audit({ limit: 2, before: lines[3]!.id })).toEqual([lines[2], lines[1]]);
      expect(await store.audit({ limit: 2, network: of })).toEqual([lines[3], lines[1]]);
      await store.close();
    });

    it('finds the lines of the log that name a node, alone or among others', async () => {
      const place = newPlace();
      const [alice, bob] = ['45ad10e047', 'bfb8eb1884'];
      const line = (index: number, more: Partial<AuditEntry>): AuditEntry => ({
        ...sampleLine(index, index === 4 ? null : network),
        subject: null,
        change: null,
        ...more,
      });
      const lines = [
        line(1, { subject: alice }),
        line(2, { change: { authorize: [bob, alice], deauthorize: [] } }),
        line(3, { subject: bob, change: { name: `not ${alice}` } }),
        line(4, { subject: alice }),
      ];
      await write(
        place,
        lines.map((entry) => ({ kind: 'audit', entry }) as const),
      );
      const store = await place.open();
      const found = async (query: Omit<AuditQuery, 'limit'>): Promise<string[]> =>
        (await store.audit({ limit: 10, ...query })).map(({ id }) => id);
      const [first, second, third, fourth] = lines.map(({ id }) => id);
      expect(await found({ subject: alice })).toEqual([fourth, second, first]);
      expect(await found({ subject: bob })).toEqual([third, second]);
      const of = formatU64(network.networkId);
      expect(await found({ subject: alice, network: of })).toEqual([second, first]);
      expect(await found({ subject: alice, before: second! })).toEqual([first]);
      expect(await found({ subject: '1a2b3c4d5e' })).toEqual([]);
      await store.close();
    });

    it('takes thousands of changes at once', async () => {
      const place = newPlace();
      const many = Array.from({ length: 5_000 }, (_, index) => sampleMember(network, index));
      await write(place, [
        { kind: 'network', record: network },
        ...many.map((record) => ({ kind: 'member', record }) as const),
      ]);
      expect((await read(place)).members).toHaveLength(5_000);
      await write(
        place,
        many.map(({ networkId, address }) => ({ kind: 'member-deleted', networkId, address })),
      );
      expect((await read(place)).members).toHaveLength(0);
    });
  });
}
