import { describe, expect, it } from 'vitest';

import { at, inbound, read, TwinVl1 } from '../../../test/twins/vl1.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { loadBytes } from '../../../test/vectors/load.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { decode, encode, isDrop } from '../../wire/codec.ts';
import { signRevocation } from '../../wire/credentials/revocation.ts';
import { signCapability } from '../../wire/credentials/capability.ts';
import { networkConfig, type NetworkConfig } from '../../wire/network-config/network-config.ts';
import { decodeMessage } from '../../wire/verbs/index.ts';
import { networkCredentials } from '../../wire/verbs/network-credentials.ts';
import { payloadBytesMax, verbNumbers } from '../../wire/verbs/verb.ts';
import {
  controllerBurst,
  credentialsBurst,
  CredentialsInbound,
  credentialsRefillMs,
} from './credentials-inbound.ts';
import { CredentialsPush, encodeCredentials, pushIntervalMs } from './credentials-push.ts';
import { NetworkState } from './network-state.ts';

/** The configuration of B of the capture: a certificate of membership, a capability, two tags, one of ownership. */
function captured(): NetworkConfig {
  const config = decode(networkConfig, loadBytes('captures/network-config-B.dict'));
  if (isDrop(config)) throw new Error(config);
  return config;
}

const peer = 0x45ad10e047 as Address;

function bench(): { vl1: TwinVl1; push: CredentialsPush; sent: () => number } {
  const vl1 = new TwinVl1(testIdentity(0));
  const push = new CredentialsPush(vl1, new NetworkState(vl1, captured().networkId));
  push.configured(0, captured());
  return { vl1, push, sent: () => vl1.takeSent().length };
}

describe('pushing credentials', () => {
  it('shows all of them, before the first frame to a member', () => {
    const { vl1, push } = bench();
    push.beforeFrame(at(10), peer);
    const [packet, ...others] = vl1.takeSent();
    expect(others).toEqual([]);
    expect(packet).toMatchObject({ to: peer, isCompressed: true });
    const message = read(packet!);
    expect(message).toMatchObject({
      name: 'NETWORK_CREDENTIALS',
      value: { revocations: [], capabilities: [{ id: 1 }], tags: [{ id: 100 }, { id: 200 }] },
    });
    push.beforeFrame(at(11), peer);
    expect(vl1.takeSent()).toEqual([]);
  });

  it('shows them again after 500 s, and after each new configuration', () => {
    const { push, sent } = bench();
    push.beforeFrame(at(10), peer);
    push.beforeFrame(at(9 + pushIntervalMs), peer);
    expect(sent()).toBe(1);
    push.beforeFrame(at(10 + pushIntervalMs), peer);
    expect(sent()).toBe(1);
    push.configured(600_000, captured());
    push.beforeFrame(at(600_001), peer);
    expect(sent()).toBe(1);
  });

  it('shows a certificate again that came too soon after another for the receiver to take it', () => {
    const { push, sent } = bench();
    push.beforeFrame(at(0), peer);
    push.configured(300, captured());
    push.beforeFrame(at(310), peer);
    expect(sent()).toBe(2);
    expect(push.nextTimeoutMs()).toBe(1_100);
    push.handleTimeout(at(1_099));
    expect(sent()).toBe(0);
    push.handleTimeout(at(1_100));
    expect(sent()).toBe(1);
    expect(push.nextTimeoutMs()).toBe(Infinity);
    push.beforeFrame(at(1_101), peer);
    expect(sent()).toBe(0);
  });

  it('answers who asks, ever more slowly, and nobody to whom it has never spoken', () => {
    const { push, sent } = bench();
    push.requested(at(0), peer);
    expect(sent()).toBe(0);
    push.beforeFrame(at(0), peer);
    sent();
    const answered: number[] = [];
    for (let ms = 1; ms < 4_000; ms++) {
      push.requested(at(ms), peer);
      if (sent() > 0) answered.push(ms);
    }
    expect(answered).toEqual([250, 750, 1_750, 2_750, 3_750]);
    push.configured(4_000, captured());
    push.beforeFrame(at(4_001), peer);
    expect(sent()).toBe(1);
    push.requested(at(4_251), peer);
    expect(sent()).toBe(1);
  });

  it('shows nothing in a network that certifies nothing', () => {
    const { push, sent } = bench();
    push.configured(1, { ...captured(), membership: null });
    push.beforeFrame(at(10), peer);
    expect(sent()).toBe(0);
  });

  it('needs several packets for many credentials, each of them within its limit and nothing left out', () => {
    const vl1 = new TwinVl1(testIdentity(0));
    const { networkId } = captured();
    const rules = Array.from({ length: 64 }, () => ({
      kind: 'MATCH_IP_PROTOCOL' as const,
      not: false,
      or: false,
      ipProtocol: 6,
    }));
    const capabilities = Array.from({ length: 100 }, (_, id) =>
      signCapability(
        vl1.provider,
        vl1.self.secretKey,
        { networkId, timestamp: 1n, id, rules, maxCustody: 1 },
        peer,
      ),
    );
    const payloads = encodeCredentials({ ...captured(), capabilities });
    const ids = payloads.flatMap((payload) => {
      expect(payload.length).toBeLessThanOrEqual(payloadBytesMax);
      const message = decodeMessage(verbNumbers.NETWORK_CREDENTIALS, payload);
      if (typeof message === 'string' || message.name !== 'NETWORK_CREDENTIALS') throw new Error();
      return message.value.capabilities!.map(({ id }) => id);
    });
    expect(payloads.length).toBe(4);
    expect(ids).toEqual(capabilities.map(({ id }) => id));
  });
});

describe('taking credentials', () => {
  it('takes four packets of a node at once, then one a second: each costs signatures to verify', () => {
    const vl1 = new TwinVl1(testIdentity(0));
    const taking = new CredentialsInbound(vl1, () => null);
    const from = testIdentity(1).identity;
    const payload = new Uint8Array(1);
    const outcomes = (ms: number): string =>
      taking.handle(at(ms), inbound(from, verbNumbers.NETWORK_CREDENTIALS, payload));
    const first = Array.from({ length: credentialsBurst + 1 }, () => outcomes(0));
    expect(first).toEqual([...Array<string>(credentialsBurst).fill('ignored'), 'rate-limited']);
    expect(outcomes(credentialsRefillMs - 1)).toBe('rate-limited');
    expect(outcomes(credentialsRefillMs)).toBe('ignored');
  });

  it('asks for the controller that must have signed them, and holds them', () => {
    const vl1 = new TwinVl1(testIdentity(0));
    const state = new NetworkState(vl1, captured().networkId);
    const taking = new CredentialsInbound(vl1, () => state.credentials);
    const from = testIdentity(1).identity;
    const [payload] = encodeCredentials(captured());
    const packet = inbound(from, verbNumbers.NETWORK_CREDENTIALS, payload!);
    for (let i = 0; i < 10; i++) expect(taking.handle(at(i), packet)).toBe('hold');
    expect(vl1.asked[0]).toBe(0x283c5bc4bc);
  });

  it('knows the controller for ever, though VL1 forgets it while it is away', () => {
    const vl1 = new TwinVl1(testIdentity(0));
    const controller = { address: 0x283c5bc4bc as Address, publicKey: new Uint8Array(64).fill(7) };
    const state = new NetworkState(vl1, captured().networkId);
    expect(state.publicKeyOf(controller.address)).toBeNull();
    vl1.known.set(controller.address, controller);
    expect(state.publicKeyOf(controller.address)).toEqual(controller.publicKey);
    vl1.known.clear();
    expect(state.publicKeyOf(controller.address)).toEqual(controller.publicKey);
  });

  it('does not care for networks that it is not in', () => {
    const vl1 = new TwinVl1(testIdentity(0));
    const asked: NetworkId[] = [];
    const taking = new CredentialsInbound(vl1, (id) => {
      asked.push(id);
      return null;
    });
    const [payload] = encodeCredentials(captured());
    const packet = inbound(testIdentity(1).identity, verbNumbers.NETWORK_CREDENTIALS, payload!);
    expect(taking.handle(at(0), packet)).toBe('ignored');
    expect(asked).toHaveLength(5);
    expect(new Set(asked)).toEqual(new Set([captured().networkId]));
  });

  it('takes many of a controller at once, and tells it which of its revocations are in force', () => {
    const vl1 = new TwinVl1(testIdentity(0));
    const controller = testIdentity(1);
    const { address } = controller.identity;
    const networkId = ((BigInt(address) << 24n) | 1n) as NetworkId;
    vl1.known.set(address, controller.identity);
    const state = new NetworkState(vl1, networkId);
    const taking = new CredentialsInbound(
      vl1,
      () => state.credentials,
      undefined,
      (of) => of === address,
    );
    const revocations = [1, 2].map((id) =>
      signRevocation(vl1.provider, controller.secretKey, {
        id,
        networkId,
        credentialId: 0,
        threshold: 5n,
        flags: 0n,
        target: (0x45ad10e040 + id) as Address,
        signedBy: address,
        credentialType: 1,
      }),
    );
    const forged = { ...revocations[0]!, id: 3 };
    const payload = encode(networkCredentials, {
      certificatesOfMembership: [],
      capabilities: [],
      tags: [],
      revocations: [...revocations, forged],
      certificatesOfOwnership: [],
    });
    for (let i = 0; i < controllerBurst; i++) {
      const packet = inbound(controller.identity, verbNumbers.NETWORK_CREDENTIALS, payload);
      expect(taking.handle(at(0), packet)).toBe('trusted');
      const [answer, ...others] = vl1.takeSent();
      expect(others).toEqual([]);
      expect(read(answer!)).toMatchObject({
        name: 'OK',
        value: { body: { value: { networkId, revocations: [1, 2] } } },
      });
    }
  });
});
