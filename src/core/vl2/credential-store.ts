/**
 * The credentials of a network's members: which are taken, and who may use the network because of them.
 *
 * Source: vl2 5.2, 5.3, 5.6; `credentials-refused.json`. A credential is filed under whom it is issued to, whoever brings
 * it. It is taken when the network's controller signed it (a capability: when everybody in its chain did), it is not
 * revoked and not older than what is held. Nothing changes, and no memory is taken, before a signature is verified.
 *
 * Bounded: members, and of each member what `MemberLimits` says. When a member too many comes, the one that has shown
 * nothing for longest is forgotten, with what was revoked of it: that matters only as long as its certificates would
 * still agree, one window.
 */
import type { Address, NetworkId } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import {
  capabilityHolder,
  verifyCapability,
  type Capability,
} from '../../wire/credentials/capability.ts';
import {
  qualifier,
  qualifierIds,
  verifyCertificateOfMembership,
  type CertificateOfMembership,
} from '../../wire/credentials/certificate-of-membership.ts';
import {
  verifyCertificateOfOwnership,
  type CertificateOfOwnership,
} from '../../wire/credentials/certificate-of-ownership.ts';
import {
  fastPropagateFlag,
  revocableTypes,
  verifyRevocation,
  type Revocation,
} from '../../wire/credentials/revocation.ts';
import { isSignedByController } from '../../wire/credentials/signature-block.ts';
import { verifyTag, type Tag } from '../../wire/credentials/tag.ts';
import { identityFingerprint, type Identity } from '../../wire/identity.ts';
import { networkTypes, type NetworkConfig } from '../../wire/network-config/network-config.ts';
import { controllerOf } from '../../wire/network-id.ts';
import {
  MemberCredentials,
  type CredentialBasis,
  type MemberLimits,
  type Standing,
} from './member-credentials.ts';
import { unknownMatchResult } from './rules/network-rules.ts';
import type { RemoteSide } from './rules/rule-frame.ts';

/** How much is kept. */
export interface CredentialLimits extends MemberLimits {
  readonly members: number;
}

/** What a configuration may hold for one member, and as many members as a large network has. */
export const credentialLimits: CredentialLimits = {
  members: 65_536,
  tags: 128,
  capabilities: 128,
  ownerships: 4,
  revocations: 512,
};

/** Whose credentials, and how they are verified. */
export interface CredentialStoreOptions {
  readonly provider: CryptoProvider;
  readonly networkId: NetworkId;
  /** My own address. */
  readonly self: Address;
  /** 64 bytes of a node that is known, null of another. */
  readonly publicKeyOf: (address: Address) => Uint8Array | null;
  readonly limits?: Partial<CredentialLimits>;
}

/** A credential cannot be judged before this node's identity is known: ask, and try again. */
export interface Deferred {
  readonly kind: 'deferred-for-whois';
  readonly signer: Address;
}

/** What became of a credential. */
export type CredentialVerdict = 'accepted-new' | 'accepted-redundant' | 'rejected' | Deferred;

/** The configuration as far as it decides about others. */
export type CredentialConfig = Pick<
  NetworkConfig,
  'type' | 'membership' | 'timestamp' | 'credentialTimeMaxDelta' | 'flags'
>;

/** One network's. Each `accept…` is one mutation; what it returns changes nothing that was there. */
export class CredentialStore {
  readonly #options: CredentialStoreOptions;
  readonly #limits: CredentialLimits;
  /** From the one that has shown nothing for longest on. */
  readonly #members = new Map<Address, MemberCredentials>();
  /** Stands for members of whom nothing is held; stays empty. */
  readonly #nobody: MemberCredentials;
  #basis: CredentialBasis | null = null;

  constructor(options: CredentialStoreOptions) {
    this.#options = options;
    this.#limits = { ...credentialLimits, ...options.limits };
    this.#nobody = new MemberCredentials(this.#limits);
  }

  /** Sets what credentials are held against. @param config - mine, kept in parts; null: none yet, then nobody is allowed */
  configure(config: CredentialConfig | null): void {
    this.#basis =
      config === null
        ? null
        : {
            isPublic: config.type === networkTypes.public,
            membership: config.membership,
            timestamp: config.timestamp,
            timeMaxDelta: config.credentialTimeMaxDelta,
            unknownMatchResult: unknownMatchResult(config),
          };
  }

  /** Members of whom something is held. */
  get size(): number {
    return this.#members.size;
  }

  /** What is held of a member, for status and for deciding what to push; null: nothing. */
  member(
    address: Address,
  ): Pick<MemberCredentials, 'membershipTime' | 'membershipThreshold'> | null {
    return this.#members.get(address) ?? null;
  }

  /** Whether a node may use the network (vl2 5.2). For each frame: the answer is kept until something changes. */
  isAllowed(identity: Identity): boolean {
    const basis = this.#basis;
    if (basis === null) return false;
    if (basis.isPublic) return true;
    const member = this.#members.get(identity.address);
    if (member === undefined) return false;
    return member.isAllowed(basis, () => identityFingerprint(this.#options.provider, identity));
  }

  /** What rules may ask of a member: what counts now, until the next mutation; null where nothing is held. */
  sideOf(address: Address): RemoteSide | null {
    const member = this.#members.get(address);
    if (member === undefined || this.#basis === null) return null;
    member.update(this.#basis);
    return member;
  }

  /** @param value - borrowed */
  acceptMembership(value: CertificateOfMembership): CredentialVerdict {
    const holder = qualifier(value, qualifierIds.issuedTo)?.value;
    const { networkId } = this.#options;
    if (holder === undefined || holder >> 40n !== 0n) return 'rejected';
    if (qualifier(value, qualifierIds.networkId)?.value !== networkId) return 'rejected';
    if (value.signedBy !== controllerOf(networkId)) return 'rejected';
    const address = Number(holder) as Address;
    return this.#judge(
      this.#of(address).membershipStanding(value),
      address,
      (key) => verifyCertificateOfMembership(this.#options.provider, key, value),
      (member) => {
        member.keepMembership(value);
      },
    );
  }

  /** @param value - borrowed */
  acceptTag(value: Tag): CredentialVerdict {
    if (!this.#isOurs(value)) return 'rejected';
    const { bytes } = value.signature;
    return this.#judge(
      this.#of(value.issuedTo).standing('tags', value, bytes),
      value.issuedTo,
      (key) => verifyTag(this.#options.provider, key, value),
      (member) => {
        member.keepTag(value);
      },
    );
  }

  /** @param value - borrowed */
  acceptOwnership(value: CertificateOfOwnership): CredentialVerdict {
    if (!this.#isOurs(value)) return 'rejected';
    const { bytes } = value.signature;
    return this.#judge(
      this.#of(value.issuedTo).standing('ownerships', value, bytes),
      value.issuedTo,
      (key) => verifyCertificateOfOwnership(this.#options.provider, key, value),
      (member) => {
        member.keepOwnership(value);
      },
    );
  }

  /** @param value - borrowed */
  acceptCapability(value: Capability): CredentialVerdict {
    const holder = capabilityHolder(value);
    const last = value.custody.at(-1);
    if (holder === null || last === undefined) return 'rejected';
    if (value.networkId !== this.#options.networkId || !isChain(value)) return 'rejected';
    const { bytes } = last.signature;
    const standing = this.#of(holder).standing('capabilities', value, bytes);
    if (standing === 'superseded') return 'rejected';
    // The reference has no such thing as a redundant capability; that nothing changes is the same.
    if (standing === 'redundant') return 'accepted-new';
    const { publicKeyOf, provider } = this.#options;
    const unknown = value.custody.find(({ from }) => publicKeyOf(from) === null);
    if (unknown !== undefined) return { kind: 'deferred-for-whois', signer: unknown.from };
    if (!verifyCapability(provider, publicKeyOf, value)) return 'rejected';
    this.#memberFor(holder).keepCapability(value, bytes);
    return 'accepted-new';
  }

  /** @param value - borrowed. To be handed on where {@link propagationTargets} says so and it is `accepted-new` */
  acceptRevocation(value: Revocation): CredentialVerdict {
    if (!this.#isOurs(value) || !revocable.has(value.credentialType)) return 'rejected';
    const key = this.#options.publicKeyOf(value.signedBy);
    if (key === null) return { kind: 'deferred-for-whois', signer: value.signedBy };
    if (!verifyRevocation(this.#options.provider, key, value)) return 'rejected';
    return this.#memberFor(value.target).revoke(value) ? 'accepted-new' : 'accepted-redundant';
  }

  /**
   * To whom a new revocation goes on: if it says so, to everybody of whom something is held, but not back.
   *
   * @param from - who brought it
   */
  propagationTargets(value: Revocation, from: Address): readonly Address[] {
    if ((value.flags & fastPropagateFlag) === 0n) return [];
    const { self } = this.#options;
    return [...this.#members.keys()].filter(
      (address) => address !== from && address !== value.signedBy && address !== self,
    );
  }

  /** Forgets members of whom nothing counts any more or can count again. To be called now and then. */
  forgetStale(): void {
    const basis = this.#basis;
    if (basis === null) return;
    const window =
      (basis.membership && qualifier(basis.membership, qualifierIds.timestamp)?.maxDelta) ?? 0n;
    const delta = window > basis.timeMaxDelta ? window : basis.timeMaxDelta;
    for (const [address, member] of this.#members)
      if (member.newest + delta < basis.timestamp) this.#members.delete(address);
  }

  #of(address: Address): MemberCredentials {
    return this.#members.get(address) ?? this.#nobody;
  }

  /** What every credential of the controller goes through. */
  #judge(
    standing: Standing,
    holder: Address,
    isVerified: (controllerKey: Uint8Array) => boolean,
    keep: (member: MemberCredentials) => void,
  ): CredentialVerdict {
    if (standing === 'superseded') return 'rejected';
    if (standing === 'redundant') return 'accepted-redundant';
    const signer = controllerOf(this.#options.networkId);
    const key = this.#options.publicKeyOf(signer);
    if (key === null) return { kind: 'deferred-for-whois', signer };
    if (!isVerified(key)) return 'rejected';
    keep(this.#memberFor(holder));
    return 'accepted-new';
  }

  #isOurs(value: { readonly networkId: NetworkId; readonly signedBy: Address }): boolean {
    return value.networkId === this.#options.networkId && isSignedByController(value);
  }

  /** The member, made where nothing was held, and now the one that has shown something last. */
  #memberFor(address: Address): MemberCredentials {
    const held = this.#members.get(address);
    if (held === undefined && this.#members.size >= this.#limits.members) {
      const [longestSilent] = this.#members.keys();
      if (longestSilent !== undefined) this.#members.delete(longestSilent);
    }
    this.#members.delete(address);
    const member = held ?? new MemberCredentials(this.#limits);
    this.#members.set(address, member);
    return member;
  }
}

const revocable: ReadonlySet<number> = new Set(Object.values(revocableTypes));

/** Whether each holder got it from the one before, the first from the controller: before anybody is asked for keys. */
function isChain({ networkId, custody }: Capability): boolean {
  let holder = controllerOf(networkId);
  for (const { to, from } of custody) {
    if (from !== holder) return false;
    holder = to;
  }
  return true;
}
