/** What /api/v1 shows of a member, of a controller that is driven by hand. */
import { expect, it } from 'vitest';

import { inboundPacket, SilentVl1 } from '../../test/synthetic/vl1.ts';
import { testIdentity } from '../../test/vectors/identities.ts';
import type { MemberV1 } from '../api/schema/v1.ts';
import { memberV1 } from '../api/schema/v1.ts';
import { formatAddress, type Address } from '../base/ids.ts';
import { localActor } from '../controller/access/audit.ts';
import { Controller } from '../controller/controller.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { encode } from '../wire/codec.ts';
import {
  configRequest,
  tokenAuthentication,
  usualMetadata,
} from '../wire/network-config/config-request.ts';
import { memberReport } from '../wire/network-config/member-report.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { managementHost, type ManagementParts } from './management-service.ts';

const [self, alice, bob, carol] = [0, 1, 2, 3].map((index) => testIdentity(index));

it('a member is shown with what others say of it, each with its age, and the state rests on none of it', () => {
  const vl1 = new SilentVl1(self!, nodeProvider(), { fill: (bytes) => bytes.fill(7) });
  const controller = new Controller(vl1);
  let now = { monoMs: 1_000, wallMs: 1_800_000_000_000 };
  const { networkId } = controller.createNetwork(now, { isPrivate: false });
  const ask = (who: typeof self, heardAgoS: number | null): void => {
    const { address } = carol!.identity;
    const member = { address, kind: 'direct', latencyMs: 3, heardAgoS } as const;
    const report = { version: 1, members: [member], future: new Uint8Array(0) };
    const payload = encode(configRequest, {
      networkId,
      metadata: { ...usualMetadata, overspan: '1' },
      have: { revision: 0n, timestamp: BigInt(now.wallMs) },
      future: encode(memberReport, report),
    });
    const verb = verbNumbers.NETWORK_CONFIG_REQUEST;
    controller.handlePacket(now, inboundPacket(who!.identity, verb, 1n, payload));
  };
  const later = (ms: number): void => {
    now = { monoMs: now.monoMs + ms, wallMs: now.wallMs + ms };
  };
  const parts = { controller, drive: { now: () => now }, peer: () => null, node: () => null };
  const service = managementHost(parts as unknown as ManagementParts).as({
    ...localActor,
    scopes: ['read'],
  });
  const shown = (): MemberV1 => memberV1.parse(service.member(networkId, carol!.identity.address));

  ask(carol, null);
  later(300_000);
  ask(alice, 5);
  later(2_000);
  ask(bob, null);
  later(10_000);
  const word = { source: 'member', kind: 'direct', latencyMs: 3 };
  expect(shown().reports).toEqual([
    { ...word, by: formatAddress(bob!.identity.address), at: now.wallMs - 10_000, heardAt: null },
    {
      ...word,
      by: formatAddress(alice!.identity.address),
      at: now.wallMs - 12_000,
      heardAt: now.wallMs - 17_000,
    },
  ]);
  expect(shown()).toMatchObject({
    state: 'silent',
    why: expect.stringMatching(
      /; 1 other member heard it, the last 17 s ago, as they say$/,
    ) as unknown,
  });
  later(180_000);
  expect(shown()).toMatchObject({ state: 'silent', reports: [] });
  expect(shown().why).not.toContain('other member');
});

it('an invitation names who came by it, and nobody of long ago once it lets nobody in', async () => {
  let seed = 0;
  const entropy = { fill: (bytes: Uint8Array) => void bytes.fill(++seed) };
  const controller = new Controller(new SilentVl1(self!, nodeProvider(), entropy));
  let now = { monoMs: 1_000, wallMs: 1_800_000_000_000 };
  const { networkId } = controller.createNetwork(now);
  const looked: Address[] = [];
  const peer = (_now: unknown, address: Address): null => {
    looked.push(address);
    return null;
  };
  const parts = { controller, drive: { now: () => now }, peer, node: () => null };
  const service = managementHost(parts as unknown as ManagementParts).as({
    ...localActor,
    scopes: ['read'],
  });
  const terms = { note: '', expiresAtMs: now.wallMs + 86_400_000 };
  const once = controller.createInvite(now, networkId, { ...terms, uses: 1 }).token;
  const often = controller.createInvite(now, networkId, { ...terms, uses: null }).token;
  const come = (who: typeof self, token: string): void => {
    const payload = encode(configRequest, {
      networkId,
      metadata: { ...usualMetadata, authentication: tokenAuthentication(token) },
      have: { revision: 0n, timestamp: 0n },
      future: new Uint8Array(0),
    });
    const verb = verbNumbers.NETWORK_CONFIG_REQUEST;
    controller.handlePacket(now, inboundPacket(who!.identity, verb, 1n, payload));
  };
  const named = async (token: string): Promise<string[]> =>
    (await service.invitation(networkId, token)).members.map(({ address }) => address);
  const later = (ms: number): void => {
    now = { monoMs: now.monoMs + ms, wallMs: now.wallMs + ms };
  };
  const [a, b, c] = [alice, bob, carol].map((who) => formatAddress(who!.identity.address));

  come(alice, once);
  come(bob, often);
  later(1_000);
  come(carol, often);
  // It is used up, and who came by it is looking.
  expect(await named(once)).toEqual([a]);
  // Nobody else is looked at.
  expect(looked).toEqual([alice!.identity.address]);
  expect(await named(often)).toEqual([c, b]);
  later(3_600_000);
  expect(await named(once)).toEqual([]);
  expect(await named(often)).toEqual([c, b]);
  later(86_400_000);
  expect(await named(often)).toEqual([]);
});
