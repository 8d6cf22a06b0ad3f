import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { formatAddress, parseAddress, type Address, type NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, isDrop } from '../../wire/codec.ts';
import { capability, signCapability } from '../../wire/credentials/capability.ts';
import {
  agrees,
  certificateOfMembership,
  issueCertificateOfMembership,
} from '../../wire/credentials/certificate-of-membership.ts';
import {
  certificateOfOwnership,
  ipv4Thing,
} from '../../wire/credentials/certificate-of-ownership.ts';
import { revocation, revocableTypes, signRevocation } from '../../wire/credentials/revocation.ts';
import { signTag, tag } from '../../wire/credentials/tag.ts';
import { identityFingerprint, parseIdentity, type Identity } from '../../wire/identity.ts';
import { networkFlags, networkTypes } from '../../wire/network-config/network-config.ts';
import {
  CredentialStore,
  type CredentialConfig,
  type CredentialStoreOptions,
  type CredentialVerdict,
} from './credential-store.ts';
import { ownedIpTypes } from './rules/rule-frame.ts';

interface Party {
  readonly address: string;
  readonly public: string;
  readonly secret: string;
}
interface Step {
  readonly kind: 'COM' | 'TAG' | 'COO' | 'CAPABILITY' | 'REVOCATION';
  readonly wire: string;
  readonly verdict: string;
  readonly forwarded_to?: readonly string[];
}
interface After {
  readonly com_timestamp: number;
  readonly com_revocation_threshold: number;
  readonly allowed_on_network: boolean;
  readonly tag_64_usable: number | null;
  readonly usable_capabilities: number;
  readonly owns_10_1_0_2: boolean;
}
interface Vectors {
  readonly network_id: string;
  readonly me: Party;
  readonly peer: Party;
  readonly third: Party;
  readonly controller: Party;
  readonly foreign_controller: Party;
  readonly config_timestamp: number;
  readonly credential_time_max_delta: number;
  readonly cases: readonly {
    readonly name: string;
    readonly steps: readonly Step[];
    readonly after: { readonly peer: After | 'no entry'; readonly third?: After };
  }[];
  readonly com_agreement: readonly {
    readonly name: string;
    readonly mine: string;
    readonly theirs: string;
    readonly their_identity: string;
    readonly agrees: boolean;
  }[];
  readonly controller_identity_unknown: readonly (Step & { readonly network_id: string })[];
}

const vectors = loadVectors<Vectors>('credentials-refused.json');
const provider = nodeProvider();
const networkId = BigInt(`0x${vectors.network_id}`) as NetworkId;
const identities = new Map<Address, Identity>(
  [vectors.me, vectors.peer, vectors.third, vectors.controller, vectors.foreign_controller].map(
    (party) => [parseAddress(party.address)!, parseIdentity(party.public)!],
  ),
);
const addressOf = (party: Party): Address => parseAddress(party.address)!;
const identityOf = (party: Party): Identity => identities.get(addressOf(party))!;
const secret = new Secret(hex(vectors.controller.secret.split(':')[3]!));
const now = BigInt(vectors.config_timestamp);
const window = BigInt(vectors.credential_time_max_delta);

/** As the controller would make it for me, at the time of my configuration. */
const mine: CredentialConfig = {
  type: networkTypes.private,
  membership: membershipOf(vectors.me, now),
  timestamp: now,
  credentialTimeMaxDelta: window,
  flags: 0n,
};

function membershipOf(party: Party, timestamp: bigint) {
  return issueCertificateOfMembership(provider, secret, {
    networkId,
    issuedTo: addressOf(party),
    fingerprint: identityFingerprint(provider, identityOf(party)),
    timestamp,
    window,
  });
}

function storeWith(options: Partial<CredentialStoreOptions> = {}): CredentialStore {
  const store = new CredentialStore({
    provider,
    networkId,
    self: addressOf(vectors.me),
    publicKeyOf: (address) => identities.get(address)?.publicKey ?? null,
    ...options,
  });
  store.configure(mine);
  return store;
}

/** Feeds one serialised credential, and spoils the buffer it came in: nothing may be a view of it. */
function feed(store: CredentialStore, step: Step, from: Address) {
  const bytes = hex(step.wire);
  const { verdict, forwarded } = accept(store, step, bytes, from);
  bytes.fill(0xee);
  return { verdict: nameOf(verdict), forwarded };
}

function accept(
  store: CredentialStore,
  { kind }: Step,
  bytes: Uint8Array,
  from: Address,
): { verdict: CredentialVerdict | 'malformed'; forwarded?: readonly Address[] } {
  const none = { verdict: 'malformed' } as const;
  switch (kind) {
    case 'COM': {
      const value = decode(certificateOfMembership, bytes);
      return isDrop(value) ? none : { verdict: store.acceptMembership(value) };
    }
    case 'TAG': {
      const value = decode(tag, bytes);
      return isDrop(value) ? none : { verdict: store.acceptTag(value) };
    }
    case 'COO': {
      const value = decode(certificateOfOwnership, bytes);
      return isDrop(value) ? none : { verdict: store.acceptOwnership(value) };
    }
    case 'CAPABILITY': {
      const value = decode(capability, bytes);
      return isDrop(value) ? none : { verdict: store.acceptCapability(value) };
    }
    case 'REVOCATION': {
      const value = decode(revocation, bytes);
      if (isDrop(value)) return none;
      const verdict = store.acceptRevocation(value);
      if (verdict !== 'accepted-new') return { verdict };
      return { verdict, forwarded: store.propagationTargets(value, from) };
    }
  }
}

function nameOf(verdict: CredentialVerdict | 'malformed'): string {
  return (typeof verdict === 'string' ? verdict : verdict.kind).replaceAll('-', '_');
}

function stateOf(store: CredentialStore, party: Party): After | 'no entry' {
  const address = addressOf(party);
  const member = store.member(address);
  const side = store.sideOf(address);
  const tagValue = side?.tag(0x64) ?? -1;
  return {
    com_timestamp: Number(member?.membershipTime ?? 0n),
    com_revocation_threshold: Number(member?.membershipThreshold ?? 0n),
    allowed_on_network: store.isAllowed(identityOf(party)),
    tag_64_usable: tagValue === -1 ? null : tagValue,
    usable_capabilities: side?.capabilities.length ?? 0,
    owns_10_1_0_2: side?.ownsIp(ownedIpTypes.ipv4, ipv4Thing(0x0a010002).value, 0) ?? false,
  };
}

const nothing: After = {
  com_timestamp: 0,
  com_revocation_threshold: 0,
  allowed_on_network: false,
  tag_64_usable: null,
  usable_capabilities: 0,
  owns_10_1_0_2: false,
};

describe('credentials as the reference judges them', () => {
  for (const [i, { name, steps, after }] of vectors.cases.entries()) {
    it(`${i} ${name}`, () => {
      const store = storeWith();
      if (name.endsWith('network public')) store.configure({ ...mine, type: networkTypes.public });
      for (const step of steps) {
        const { verdict, forwarded } = feed(store, step, addressOf(vectors.peer));
        expect(verdict).toBe(step.verdict);
        expect((forwarded ?? []).map(formatAddress)).toEqual(step.forwarded_to ?? []);
      }
      // The reference also keeps an empty entry for whom a credential was refused; we keep none.
      const peer = stateOf(store, vectors.peer);
      expect(peer).toEqual(after.peer === 'no entry' ? nothing : after.peer);
      if (after.peer === 'no entry') expect(store.member(addressOf(vectors.peer))).toBeNull();
      if (after.third !== undefined) expect(stateOf(store, vectors.third)).toEqual(after.third);
    });
  }

  for (const each of vectors.com_agreement) {
    it(`agreement: ${each.name}`, () => {
      const read = (wire: string) => {
        if (wire === '') return null;
        const value = decode(certificateOfMembership, hex(wire));
        if (isDrop(value)) throw new Error(value);
        return value;
      };
      const theirs = parseIdentity(each.their_identity)!;
      const fingerprint = identityFingerprint(provider, theirs);
      expect(agrees(read(each.mine), read(each.theirs), fingerprint)).toBe(each.agrees);
    });
  }

  for (const [i, step] of vectors.controller_identity_unknown.entries()) {
    it(`${i} ${step.kind} waits while the controller's identity is unknown`, () => {
      const foreign = BigInt(`0x${step.network_id}`) as NetworkId;
      const controller = addressOf(vectors.foreign_controller);
      const store = storeWith({
        networkId: foreign,
        publicKeyOf: (address) =>
          address === controller ? null : (identities.get(address)?.publicKey ?? null),
      });
      expect(feed(store, step, addressOf(vectors.peer)).verdict).toBe(step.verdict);
      expect(store.size).toBe(0);
    });
  }
});

describe('a credential store', () => {
  const controller = addressOf(vectors.controller);
  const peer = addressOf(vectors.peer);
  const tagOf = (id: number, timestamp: bigint, value = 1) =>
    signTag(provider, secret, {
      networkId,
      timestamp,
      id,
      value,
      issuedTo: peer,
      signedBy: controller,
    });
  const capabilityOf = (id: number, timestamp: bigint) =>
    signCapability(provider, secret, { networkId, timestamp, id, rules: [], maxCustody: 1 }, peer);
  const revocationOf = (target: Address, type: number, id: number, threshold: bigint) =>
    signRevocation(provider, secret, {
      id: 1,
      networkId,
      credentialId: id,
      threshold,
      flags: 1n,
      target,
      signedBy: controller,
      credentialType: type,
    });

  it('lets nobody in before there is a configuration', () => {
    const store = storeWith();
    store.acceptMembership(membershipOf(vectors.peer, now));
    store.configure(null);
    expect(store.isAllowed(identityOf(vectors.peer))).toBe(false);
    expect(store.sideOf(peer)).toBeNull();
    store.configure(mine);
    expect(store.isAllowed(identityOf(vectors.peer))).toBe(true);
  });

  it('judges members anew with each configuration', () => {
    const store = storeWith();
    store.acceptMembership(membershipOf(vectors.peer, now));
    store.acceptTag(tagOf(0x64, now, 7));
    expect(stateOf(store, vectors.peer)).toMatchObject({
      allowed_on_network: true,
      tag_64_usable: 7,
    });
    const later = now + window + 1n;
    store.configure({
      ...mine,
      timestamp: later,
      membership: membershipOf(vectors.me, later),
    });
    expect(stateOf(store, vectors.peer)).toMatchObject({
      allowed_on_network: false,
      tag_64_usable: null,
    });
  });

  it('forgets members whose last credential has gone stale, and keeps those who are revoked lately', () => {
    const store = storeWith();
    store.acceptMembership(membershipOf(vectors.peer, now));
    const { membership } = revocableTypes;
    store.acceptRevocation(
      revocationOf(addressOf(vectors.third), membership, 0, now + 2n * window),
    );
    store.forgetStale();
    expect(store.size).toBe(2);
    store.configure({ ...mine, timestamp: now + window + 1n });
    store.forgetStale();
    expect(store.member(peer)).toBeNull();
    expect(store.size).toBe(1);
  });

  it('takes no more tags, capabilities and certificates of a member than the limits say: newer ones stay', () => {
    const store = storeWith({ limits: { tags: 2, capabilities: 2 } });
    expect(store.acceptTag(tagOf(1, now))).toBe('accepted-new');
    expect(store.acceptTag(tagOf(2, now + 1n))).toBe('accepted-new');
    expect(store.acceptTag(tagOf(3, now))).toBe('rejected');
    expect(store.acceptTag(tagOf(3, now + 1n))).toBe('accepted-new');
    const side = store.sideOf(peer)!;
    expect([1, 2, 3].map((id) => side.tag(id))).toEqual([-1, 1, 1]);
    for (const id of [1, 2, 3]) store.acceptCapability(capabilityOf(id, now + BigInt(id)));
    expect(store.sideOf(peer)!.capabilities).toHaveLength(2);
  });

  it('keeps the newest revocations of single credentials up to the limit', () => {
    const store = storeWith({ limits: { revocations: 2 } });
    for (const id of [1, 2, 3])
      store.acceptRevocation(revocationOf(peer, revocableTypes.tag, id, now + BigInt(id)));
    expect(store.acceptTag(tagOf(3, now))).toBe('rejected');
    expect(store.acceptTag(tagOf(2, now))).toBe('rejected');
    expect(store.acceptTag(tagOf(1, now))).toBe('accepted-new');
  });

  it('forgets the member that has shown nothing for longest when one too many comes', () => {
    const store = storeWith({ limits: { members: 2 } });
    const parties = [vectors.peer, vectors.third, vectors.foreign_controller];
    store.acceptMembership(membershipOf(parties[0]!, now));
    store.acceptMembership(membershipOf(parties[1]!, now));
    store.acceptMembership(membershipOf(parties[0]!, now + 1n));
    store.acceptMembership(membershipOf(parties[2]!, now));
    expect(store.size).toBe(2);
    expect(parties.map((party) => store.isAllowed(identityOf(party)))).toEqual([true, false, true]);
  });

  it('counts what unknown conditions of capabilities give as the network wants it', () => {
    const store = storeWith();
    store.configure({ ...mine, flags: networkFlags.unknownMatchResult });
    store.acceptCapability(
      signCapability(
        provider,
        secret,
        {
          networkId,
          timestamp: now,
          id: 1,
          rules: [{ kind: 'UNKNOWN', id: 63, not: false, or: false, field: new Uint8Array(0) }],
          maxCustody: 1,
        },
        peer,
      ),
    );
    const [rules] = store.sideOf(peer)!.capabilities;
    expect(rules![0]!.match(null!, null!, null!)).toBe(1);
  });

  it('hands a revocation on to nobody who brought or signed it, nor to ourselves', () => {
    const store = storeWith();
    for (const party of [vectors.me, vectors.peer, vectors.third, vectors.controller])
      store.acceptMembership(membershipOf(party, now));
    const value = revocationOf(addressOf(vectors.me), revocableTypes.membership, 0, now);
    expect(store.acceptRevocation(value)).toBe('accepted-new');
    expect(store.propagationTargets(value, peer)).toEqual([addressOf(vectors.third)]);
    expect(store.propagationTargets({ ...value, flags: 0n }, peer)).toEqual([]);
  });

  it('asks for the first unknown hand of a capability, but for nobody where the chain is broken', () => {
    const store = storeWith({
      publicKeyOf: (address) =>
        address === controller ? identityOf(vectors.controller).publicKey : null,
    });
    const first = signCapability(
      provider,
      secret,
      { networkId, timestamp: now, id: 1, rules: [], maxCustody: 2 },
      addressOf(vectors.third),
    );
    const second = {
      to: peer,
      from: addressOf(vectors.third),
      signature: first.custody[0]!.signature,
    };
    const whole = { ...first, custody: [...first.custody, second] };
    expect(store.acceptCapability(whole)).toEqual({
      kind: 'deferred-for-whois',
      signer: addressOf(vectors.third),
    });
    const broken = { ...whole, custody: [...first.custody, { ...second, from: peer }] };
    expect(store.acceptCapability(broken)).toBe('rejected');
  });
});
