/**
 * What one member has shown of its rights in one network, and what of it counts now.
 *
 * Source: vl2 5.2, 5.3. Everything here was signed by the controller and verified by `credential-store.ts`. Accepted is not
 * yet counting: a credential counts while its time is near enough to that of my own configuration and above what was
 * revoked. What is kept is copied and of bounded size, whatever a packet has appended to it.
 */
import { equalBytes } from '../../base/bytes.ts';
import type { Mac } from '../../base/ids.ts';
import type { Capability } from '../../wire/credentials/capability.ts';
import {
  agrees,
  qualifier,
  qualifierIds,
  type CertificateOfMembership,
} from '../../wire/credentials/certificate-of-membership.ts';
import type { CertificateOfOwnership } from '../../wire/credentials/certificate-of-ownership.ts';
import { revocableTypes, type Revocation } from '../../wire/credentials/revocation.ts';
import type { Tag } from '../../wire/credentials/tag.ts';
import type { Rule } from '../../wire/rules/rule.ts';
import type { Rules } from '../../wire/rules/rules.ts';
import { compileRules } from './rules/compiled-rules.ts';
import { OwnedThings } from './rules/owned-things.ts';
import {
  noTag,
  type CompiledRules,
  type OwnedIpType,
  type RemoteSide,
} from './rules/rule-frame.ts';

/** What others' credentials are held against: parts of my configuration. */
export interface CredentialBasis {
  readonly isPublic: boolean;
  readonly membership: CertificateOfMembership | null;
  /** When my configuration was made, ms, controller's clock. */
  readonly timestamp: bigint;
  /** How far the time of a credential may be from that. */
  readonly timeMaxDelta: bigint;
  /** See `rules/network-rules.ts`. */
  readonly unknownMatchResult: boolean;
}

/** Of one member, each kind by its own. The configuration of a member has no more. */
export interface MemberLimits {
  readonly tags: number;
  readonly capabilities: number;
  readonly ownerships: number;
  /** Revocations of single credentials. */
  readonly revocations: number;
}

/** What became of a credential that is in order as far as its time goes. */
export type Standing = 'new' | 'redundant' | 'superseded';

/** What is kept of a credential with an id. */
interface Kept<Content> {
  readonly timestamp: bigint;
  /** Tells identical ones from others of the same time. */
  readonly signature: Uint8Array;
  readonly content: Content;
}

type Kind = keyof Omit<MemberLimits, 'revocations'>;
const typeOf = {
  capabilities: revocableTypes.capability,
  tags: revocableTypes.tag,
  ownerships: revocableTypes.ownership,
} as const;

/** One member's. As a {@link RemoteSide} it is what counts with the basis that {@link update} was last given. */
export class MemberCredentials implements RemoteSide {
  capabilities: readonly CompiledRules[] = [];
  readonly #limits: MemberLimits;
  #membership: CertificateOfMembership | null = null;
  #membershipTime = 0n;
  #membershipThreshold = 0n;
  /** What was revoked singly: up to when, by type and id. */
  readonly #thresholds = new Map<number, bigint>();
  readonly #kept = {
    tags: new Map<number, Kept<number>>(),
    capabilities: new Map<number, Kept<Rules>>(),
    ownerships: new Map<number, Kept<CertificateOfOwnership['things']>>(),
  };
  #basis: CredentialBasis | null = null;
  #tags: ReadonlyMap<number, number> = new Map();
  #things = new OwnedThings([]);
  #fingerprint: Uint8Array | null = null;
  #isAllowed: boolean | null = null;

  constructor(limits: MemberLimits) {
    this.#limits = limits;
  }

  /** When its certificate of membership was issued, ms, controller's clock; 0: none is held. */
  get membershipTime(): bigint {
    return this.#membershipTime;
  }

  /** Up to when its certificates of membership are revoked; 0: none is. */
  get membershipThreshold(): bigint {
    return this.#membershipThreshold;
  }

  /** The time of the newest thing that is held or revoked. */
  get newest(): bigint {
    let newest = max(this.#membershipTime, this.#membershipThreshold);
    for (const threshold of this.#thresholds.values()) newest = max(newest, threshold);
    for (const kept of Object.values(this.#kept))
      for (const { timestamp } of kept.values()) newest = max(newest, timestamp);
    return newest;
  }

  /** Where a certificate stands by its time. */
  membershipStanding(value: CertificateOfMembership): Standing {
    const time = timeOf(value);
    if (time <= this.#membershipThreshold || time < this.#membershipTime) return 'superseded';
    return this.#membership !== null && sameMembership(this.#membership, value)
      ? 'redundant'
      : 'new';
  }

  /** Takes a certificate that was verified. */
  keepMembership(value: CertificateOfMembership): void {
    this.#membership = { ...value, signature: value.signature.slice() };
    this.#membershipTime = timeOf(value);
    this.#isAllowed = null;
  }

  /** Where a credential with an id stands by its time. @param signature - its own, or of its last holder */
  standing(
    kind: Kind,
    value: { readonly id: number; readonly timestamp: bigint },
    signature: Uint8Array,
  ): Standing {
    const { id, timestamp } = value;
    if (timestamp <= this.#threshold(typeOf[kind], id)) return 'superseded';
    const kept: Map<number, Kept<unknown>> = this.#kept[kind];
    const held = kept.get(id);
    if (held === undefined) return this.#hasRoom(kept, kind, timestamp) ? 'new' : 'superseded';
    if (timestamp < held.timestamp) return 'superseded';
    return timestamp === held.timestamp && equalBytes(signature, held.signature)
      ? 'redundant'
      : 'new';
  }

  /** Takes a tag that was verified. */
  keepTag({ id, timestamp, signature, value }: Tag): void {
    this.#keep('tags', this.#kept.tags, id, {
      timestamp,
      signature: signature.bytes.slice(),
      content: value,
    });
  }

  /** Takes a capability that was verified. @param signature - of its last custody */
  keepCapability({ id, timestamp, rules }: Capability, signature: Uint8Array): void {
    this.#keep('capabilities', this.#kept.capabilities, id, {
      timestamp,
      signature: signature.slice(),
      content: ownRules(rules),
    });
  }

  /** Takes a certificate of ownership that was verified. */
  keepOwnership({ id, timestamp, signature, things }: CertificateOfOwnership): void {
    this.#keep('ownerships', this.#kept.ownerships, id, {
      timestamp,
      signature: signature.bytes.slice(),
      content: things.map(({ type, value }) => ({ type, value: value.slice() })),
    });
  }

  /** Takes a revocation that was verified. @returns whether it changed anything */
  revoke({ credentialType, credentialId, threshold }: Revocation): boolean {
    if (credentialType === revocableTypes.membership) {
      if (threshold <= this.#membershipThreshold) return false;
    } else {
      if (threshold <= this.#threshold(credentialType, credentialId)) return false;
      if (this.#thresholds.size >= this.#limits.revocations) this.#forgetOldestThreshold();
      this.#thresholds.set(thresholdKey(credentialType, credentialId), threshold);
    }
    // Quirk: any other revocation also sets this one, even to a lower value (vl2 5.3).
    this.#membershipThreshold = threshold;
    this.#isAllowed = null;
    this.#basis = null;
    return true;
  }

  /** Whether the member may use the network. @param fingerprintOf - SHA-384 of who it is, asked once */
  isAllowed(basis: CredentialBasis, fingerprintOf: () => Uint8Array): boolean {
    this.update(basis);
    if (this.#isAllowed === null) {
      this.#fingerprint ??= fingerprintOf();
      this.#isAllowed =
        this.#membershipTime > this.#membershipThreshold &&
        agrees(basis.membership, this.#membership, this.#fingerprint);
    }
    return this.#isAllowed;
  }

  /** Works out what counts with this basis; nothing is done where it is the one of the last time. */
  update(basis: CredentialBasis): void {
    if (basis === this.#basis) return;
    this.#basis = basis;
    this.#isAllowed = null;
    this.#tags = new Map(this.#counting('tags', this.#kept.tags));
    this.#things = new OwnedThings(
      this.#counting('ownerships', this.#kept.ownerships).flatMap(([, things]) => things),
    );
    this.capabilities = this.#counting('capabilities', this.#kept.capabilities)
      .sort(([a], [b]) => a - b)
      .map(([, rules]) => compileRules(rules, basis.unknownMatchResult));
  }

  tag(id: number): number {
    return this.#tags.get(id) ?? noTag;
  }

  ownsIp(type: OwnedIpType, bytes: Uint8Array, start: number): boolean {
    return this.#things.hasIp(type, bytes, start);
  }

  ownsMac(mac: Mac): boolean {
    return this.#things.hasMac(mac);
  }

  #counting<Content>(kind: Kind, kept: ReadonlyMap<number, Kept<Content>>): [number, Content][] {
    const basis = this.#basis;
    if (basis === null) return [];
    return [...kept].flatMap(([id, { timestamp, content }]) => {
      const delta = timestamp - basis.timestamp;
      const isNear = (delta < 0n ? -delta : delta) <= basis.timeMaxDelta;
      return isNear && timestamp > this.#threshold(typeOf[kind], id) ? [[id, content]] : [];
    });
  }

  #keep<Content>(
    kind: Kind,
    kept: Map<number, Kept<Content>>,
    id: number,
    value: Kept<Content>,
  ): void {
    if (!kept.has(id) && kept.size >= this.#limits[kind]) kept.delete(oldestOf(kept).id);
    kept.set(id, value);
    this.#basis = null;
  }

  /** When it is full, one that is newer than the oldest takes its place. */
  #hasRoom(kept: ReadonlyMap<number, Kept<unknown>>, kind: Kind, timestamp: bigint): boolean {
    return kept.size < this.#limits[kind] || oldestOf(kept).timestamp < timestamp;
  }

  #threshold(type: number, id: number): bigint {
    return this.#thresholds.get(thresholdKey(type, id)) ?? 0n;
  }

  #forgetOldestThreshold(): void {
    let oldest: [number, bigint] | null = null;
    for (const entry of this.#thresholds)
      if (oldest === null || entry[1] < oldest[1]) oldest = entry;
    if (oldest !== null) this.#thresholds.delete(oldest[0]);
  }
}

function timeOf(value: CertificateOfMembership): bigint {
  return qualifier(value, qualifierIds.timestamp)?.value ?? 0n;
}

function sameMembership(a: CertificateOfMembership, b: CertificateOfMembership): boolean {
  return (
    a.signedBy === b.signedBy &&
    equalBytes(a.signature, b.signature) &&
    a.qualifiers.length === b.qualifiers.length &&
    a.qualifiers.every(({ id, value, maxDelta }, i) => {
      const other = b.qualifiers[i];
      return other?.id === id && other.value === value && other.maxDelta === maxDelta;
    })
  );
}

/** Rules without views of the packet they came in. */
function ownRules(rules: Rules): Rules {
  return rules.map((rule): Rule => {
    switch (rule.kind) {
      case 'UNKNOWN':
        return { ...rule, field: new Uint8Array(0) };
      case 'MATCH_IPV6_SOURCE':
      case 'MATCH_IPV6_DEST': {
        const { kind, not, or, ip, bits } = rule;
        return { kind, not, or, ip: ip.slice(), bits };
      }
      default: {
        const { fieldAsReceived, ...values } = rule;
        return fieldAsReceived === undefined ? rule : values;
      }
    }
  });
}

function oldestOf(kept: ReadonlyMap<number, Kept<unknown>>): { id: number; timestamp: bigint } {
  let oldest = { id: -1, timestamp: 1n << 64n };
  for (const [id, { timestamp }] of kept)
    if (timestamp < oldest.timestamp) oldest = { id, timestamp };
  return oldest;
}

function thresholdKey(type: number, id: number): number {
  return type * 0x1_0000_0000 + id;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
