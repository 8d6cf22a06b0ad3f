/**
 * A network controller: gives members their configurations, signed.
 *
 * Source: vl2 3.6, 5.6, 6.1–6.6, management 2. One mutation, then drain: `handlePacket`, `handleTimeout` and the commands
 * send through `Vl1`, ask for `handleTimeout` through `Vl1.wake`, and save through the {@link Store}. Commands throw what a
 * person can mend, and then nothing has changed; a packet never makes it throw.
 *
 * Unlike the reference: the answer to a request is not followed by a push of the same; authorising pushes at once to who
 * has asked, also for the first time; a new bridge is made known to everybody at once; revocations are sent more than
 * once, and not faster than they are read; times never go back.
 */
import { ByteReader, ByteWriter, toHex } from '../base/bytes.ts';
import { assert } from '../base/errors.ts';
import {
  formatAddress,
  formatU64,
  type Address,
  type NetworkId,
  type PacketId,
} from '../base/ids.ts';
import type { ControllerLayer, InboundPacket, Outcome } from '../core/packet-handler.ts';
import type { Now } from '../core/ports.ts';
import type { Vl1 } from '../core/vl1-port.ts';
import { decode, isDrop } from '../wire/codec.ts';
import { sameIdentity, type Identity } from '../wire/identity.ts';
import { splitConfig, type SignedConfigChunk } from '../wire/network-config/config-chunk.ts';
import { joinToken, type RequestMetadata } from '../wire/network-config/config-request.ts';
import { memberReport } from '../wire/network-config/member-report.ts';
import { networkConfigText } from '../wire/network-config/network-config.ts';
import { controllerOf, networkIdOf } from '../wire/network-id.ts';
import { errorCodes } from '../wire/verbs/error.ts';
import { decodeMessage, encodeMessage, messageOf, type Message } from '../wire/verbs/index.ts';
import { payloadBytesMax, verbNumbers } from '../wire/verbs/verb.ts';
import {
  controllerLimits,
  groupAuthorizationMs,
  issueMarkMs,
  onlineMs,
  pushesPerTurn,
  pushTurnMs,
  reportGateMs,
  type ControllerLimits,
} from './constants.ts';
import { ControlledNetwork } from './controlled-network.ts';
import { controllerError } from './errors.ts';
import { newAssignments } from './ip-assignment.ts';
import { credentialOf, inviteTokenLength, isOpen, type InviteRecord } from './invite-record.ts';
import { memberConfig } from './member-config.ts';
import {
  isBlank,
  newMember,
  type MemberChanges,
  type MemberRecord,
  type Software,
} from './member-record.ts';
import type { MemberWord } from './member-reports.ts';
import { check, isLatin1, isU32 } from './network-plan.ts';
import { checkedSettings } from './member-settings.ts';
import {
  authorized,
  banned,
  isBanned,
  isPending,
  shutOut,
  withStanding,
} from './member-standing.ts';
import { secretHash } from './secret-hash.ts';
import { admission, withDefaultTags, type Admission } from './admission.ts';
import { sameValue } from './same-value.ts';
import { defaultSettings, type NetworkRecord, type NetworkSettings } from './network-record.ts';
import { Revocations, withShutOut } from './revocations.ts';
import type { RevocationStatus } from './confirmed-revocations.ts';
import { isOnline, noteHeld, noteRefused, type Session } from './session.ts';
import { MemoryStore, type Store } from './store.ts';

/** How a controller is made. */
export interface ControllerOptions {
  /** Default: one that forgets everything at the end. */
  readonly store?: Store;
  readonly limits?: Partial<ControllerLimits>;
}

/** What an invitation is to allow. */
export interface InviteTerms {
  readonly note: string;
  readonly expiresAtMs: number;
  readonly uses: number | null;
}

/** Members that are let in and put out with one word. */
export interface StandingCommand {
  readonly authorize?: readonly Address[];
  readonly deauthorize?: readonly Address[];
  readonly ban?: readonly Address[];
  readonly unban?: readonly Address[];
  readonly delete?: readonly Address[];
}

/** A member as it is now. */
export interface MemberStatus {
  readonly record: MemberRecord;
  /** It has asked within two minutes. */
  readonly isOnline: boolean;
  /** What was heard of it since the start; null: nothing. */
  readonly heard: MemberHeard | null;
  /** What other members said of it lately, the latest first. */
  readonly reports: readonly MemberWord[];
}

/** What a controller itself has heard of a member. */
export interface MemberHeard {
  /** How long ago it asked for its configuration, ms. */
  readonly askedAgoMs: number;
  /** How long ago it was last sent one, ms; null: it was not. */
  readonly configuredAgoMs: number | null;
  /** Configurations in a row that it was sent and, asking again, did not say that it holds. */
  readonly lostConfigs: number;
  /** What it said that it runs. */
  readonly software: Software | null;
  readonly platform: string | null;
  readonly isOverspan: boolean;
}

/** What has happened so far, for who watches: counts from the start of the process on. */
export interface ControllerCounts {
  configRequests: number;
  networkChanges: number;
  memberChanges: number;
  /** Members that were let in, and put out. */
  authorizations: number;
  deauthorizations: number;
}

const compressed = { compress: true } as const;

/** The controller of the networks whose number begins with this node's address. */
export class Controller implements ControllerLayer {
  readonly #vl1: Vl1;
  readonly #store: Store;
  readonly #limits: ControllerLimits;
  readonly #networks = new Map<NetworkId, ControlledNetwork>();
  /** Members to be sent their configuration. */
  readonly #pushes = new Map<Session, ControlledNetwork>();
  readonly #revocations: Revocations;
  #pushAtMs = -Infinity;
  /** When it was first driven, `monoMs`. */
  #startedAtMs: number | null = null;
  /** Since the start. */
  readonly counts: ControllerCounts = {
    configRequests: 0,
    networkChanges: 0,
    memberChanges: 0,
    authorizations: 0,
    deauthorizations: 0,
  };

  /** @throws CONTROLLER_SETTING_INVALID where what the store holds cannot be used */
  constructor(vl1: Vl1, options: ControllerOptions = {}) {
    this.#vl1 = vl1;
    this.#store = options.store ?? new MemoryStore();
    this.#limits = { ...controllerLimits, ...options.limits };
    this.#revocations = new Revocations(vl1, () => Number(this.#randomU64() & 0xffff_ffffn));
    const { networks, members, invites } = this.#store.load();
    for (const record of networks)
      this.#networks.set(record.networkId, new ControlledNetwork(record, this.#limits));
    for (const record of members) this.#networks.get(record.networkId)?.setMember(record);
    for (const record of invites) this.#networks.get(record.networkId)?.setInvite(record, Infinity);
  }

  // ——— what comes from the network

  /** Takes NETWORK_CONFIG_REQUEST and confirmations of revocations; passes over acknowledgements of pushes. */
  handlePacket(now: Now, packet: InboundPacket): Outcome {
    if (packet.verb !== verbNumbers.NETWORK_CONFIG_REQUEST && packet.verb !== verbNumbers.OK)
      return 'ignored';
    this.#startedAtMs ??= now.monoMs;
    const message = decodeMessage(packet.verb, packet.payload);
    if (isDrop(message)) return message;
    if (message.name === 'OK') {
      const { body } = message.value;
      if (body.kind === 'network-credentials')
        this.#revocations.confirm(packet.source, body.value.networkId, body.value.revocations);
      return 'accepted';
    }
    assert(message.name === 'NETWORK_CONFIG_REQUEST', 'a message has the name of its verb');
    const { networkId, metadata, have, future } = message.value;
    if (controllerOf(networkId) !== this.#self) return 'ignored';
    this.counts.configRequests++;
    const network = this.#networks.get(networkId);
    if (network === undefined) {
      this.#refuse(now, packet, networkId, errorCodes.OBJ_NOT_FOUND);
      return 'accepted';
    }
    const session = network.sessions.request(now.monoMs, packet.source);
    if (session === null) return 'rate-limited';
    session.understandsRules = metadata.rulesEngineRevision > 0;
    session.isOverspan = metadata.overspan !== null;
    session.software = softwareOf(metadata);
    session.platform = metadata.platform;
    const { identity } = packet.peer;
    const member = this.#admit(now, network, identity, metadata);
    if (member === null) {
      noteRefused(session);
      this.#refuse(now, packet, networkId, errorCodes.NETWORK_ACCESS_DENIED);
      return 'accepted';
    }
    const packetId = packet.packetId as PacketId;
    const isNews = noteHeld(session, now.monoMs, packetId, have?.timestamp ?? null);
    // A recording would tell of today what was so when it was made.
    if (session.isOverspan && isNews) this.#takeReport(now, network, session, future);
    // What is sent now need not be pushed as well.
    this.#pushes.delete(session);
    for (const chunk of this.#configure(now, network, session, member, identity))
      this.#reply(
        now,
        packet,
        messageOf('OK', {
          inReVerb: packet.verb,
          inRePacketId: packetId,
          body: { kind: 'network-config-request', value: chunk },
        }),
        true,
      );
    if (this.#revocations.greet(now, network.record, session)) this.#drain(now);
    return 'accepted';
  }

  /** Sends pushes and revocations that had to wait. */
  handleTimeout(now: Now): void {
    this.#drain(now);
  }

  // ——— commands

  /** Makes a network. @param changes - to what it is without any. @throws CONTROLLER_SETTING_INVALID, CONTROLLER_FULL */
  createNetwork(now: Now, changes: Partial<NetworkSettings> = {}): NetworkRecord {
    if (this.#networks.size >= this.#limits.networks)
      throw controllerError('CONTROLLER_FULL', `there are ${this.#networks.size} networks`, {
        remedy: 'Delete a network first.',
      });
    return this.#addNetwork(now, this.#freeNetworkId(), changes);
  }

  /** Makes a network of a given number, as when one is moved here. @throws like {@link createNetwork}; also where it exists */
  importNetwork(
    now: Now,
    networkId: NetworkId,
    changes: Partial<NetworkSettings> = {},
  ): NetworkRecord {
    const id = formatU64(networkId);
    check(controllerOf(networkId) === this.#self, `network ${id}`, 'has another controller');
    check(!this.#networks.has(networkId), `network ${id}`, 'exists');
    return this.#addNetwork(now, networkId, changes);
  }

  /** Changes settings; members that are online get them. @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_SETTING_INVALID */
  setNetwork(now: Now, networkId: NetworkId, changes: Partial<NetworkSettings>): NetworkRecord {
    const network = this.#network(networkId);
    const before = network.record;
    network.setRecord({
      ...before,
      settings: { ...before.settings, ...changes },
      revision: before.revision + 1,
    });
    if (sameValue(before.settings, network.record.settings)) {
      network.setRecord(before);
      return network.record;
    }
    this.counts.networkChanges++;
    this.#store.save({ kind: 'network', record: network.record });
    this.#pushToAll(now, network);
    this.#drain(now);
    return network.record;
  }

  /** Ends a network: its members are told not to talk to each other. @throws CONTROLLER_NETWORK_UNKNOWN */
  deleteNetwork(now: Now, networkId: NetworkId): void {
    const network = this.#network(networkId);
    const authorized = network.members.filter(({ authorization }) => authorization !== null);
    this.#revoke(now, network, authorized);
    this.#networks.delete(networkId);
    for (const [session, of] of this.#pushes) if (of === network) this.#pushes.delete(session);
    this.#store.save({ kind: 'network-deleted', networkId });
    this.#drain(now);
  }

  /**
   * Lets a node in, also before it asks; if it is online it gets its configuration at once.
   *
   * @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_FULL
   */
  authorize(now: Now, networkId: NetworkId, address: Address): MemberRecord {
    return this.setMember(now, networkId, address, { isAuthorized: true });
  }

  /** Shuts a member out, now. @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_MEMBER_UNKNOWN */
  deauthorize(now: Now, networkId: NetworkId, address: Address): MemberRecord {
    this.#member(this.#network(networkId), address);
    return this.setMember(now, networkId, address, { isAuthorized: false });
  }

  /**
   * Shuts members out, all with one word. Those that are no members, or not let in, are passed over.
   *
   * @returns who was shut out
   * @throws CONTROLLER_NETWORK_UNKNOWN
   */
  deauthorizeAll(
    now: Now,
    networkId: NetworkId,
    addresses: readonly Address[],
  ): readonly MemberRecord[] {
    const network = this.#network(networkId);
    const changed = this.#shutOut(now, network, addresses);
    this.#drain(now);
    return changed;
  }

  /**
   * Shuts nodes out for good, all with one word, also before they ask: from then on nothing but a person lets them in.
   *
   * @returns who was banned that was not before
   * @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_FULL, then nobody was
   */
  banAll(now: Now, networkId: NetworkId, addresses: readonly Address[]): readonly MemberRecord[] {
    const network = this.#network(networkId);
    this.#checkRoom(network, [...new Set(addresses)]);
    const changed = this.#ban(now, network, addresses);
    this.#drain(now);
    return changed;
  }

  /**
   * Lets members in and puts them out, all of it or nothing: bans are lifted first and made last, then members are deleted. Who is to be
   * put out or deleted, or whose ban is to be lifted, and is no member is passed over.
   *
   * @returns those that were named but the deleted, by ascending address, with who is forgotten as by {@link setMember}
   * @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_MEMBER_BANNED where one is to be let in and stays banned, CONTROLLER_FULL
   */
  setStanding(
    now: Now,
    networkId: NetworkId,
    {
      authorize = [],
      deauthorize = [],
      ban = [],
      unban = [],
      delete: forget = [],
    }: StandingCommand,
  ): readonly MemberRecord[] {
    const network = this.#network(networkId);
    const lifted = new Set(unban);
    for (const address of authorize) {
      const member = network.member(address);
      if (member !== undefined && !lifted.has(address)) checkNotBanned(member);
    }
    this.#checkRoom(network, [...new Set([...authorize, ...ban])]);
    const entering = new Set(authorize);
    const changed = new Map<Address, MemberRecord>();
    for (const address of new Set([...lifted, ...entering])) {
      if (!entering.has(address) && network.member(address) === undefined) continue;
      // One change: between the two it would be one of those who only ask, and crowd out another.
      const record = this.#change(now, network, address, {
        ...(lifted.has(address) ? { isBanned: false } : {}),
        ...(entering.has(address) ? { isAuthorized: true } : {}),
      });
      changed.set(address, record);
    }
    this.#shutOut(now, network, deauthorize);
    this.#ban(now, network, ban);
    this.#forget(now, network, forget);
    // Once, so that no more is signed at once than in any other turn.
    this.#drain(now);
    return [...new Set([...authorize, ...deauthorize, ...ban, ...unban])]
      .sort((a, b) => a - b)
      .flatMap((address) => network.member(address) ?? changed.get(address) ?? []);
  }

  /** Shuts a member out and forgets it, a ban too. @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_MEMBER_UNKNOWN */
  deleteMember(now: Now, networkId: NetworkId, address: Address): void {
    const network = this.#network(networkId);
    this.#member(network, address);
    this.#forget(now, network, [address]);
    this.#drain(now);
  }

  /** Who is not there is passed over. */
  #forget(now: Now, network: ControlledNetwork, addresses: readonly Address[]): void {
    const { networkId } = network.record;
    const members = network.known(addresses);
    for (const { address } of members) {
      network.deleteMember(address);
      this.#store.save({ kind: 'member-deleted', networkId, address });
    }
    const inside = members.filter(({ authorization }) => authorization !== null);
    if (inside.length > 0) this.#revoke(now, network, inside);
    if (members.some(isBridge)) this.#pushToAll(now, network);
  }

  /**
   * Changes a member, also before it asks, and lets it in or puts it out: all of it as one change, or nothing. Who is banned is let
   * in only where the change lifts the ban, too: whoever banned it need not be who authorises a list. A node of which nothing but
   * a ban is known is forgotten when that is lifted.
   *
   * @returns the member as it is then; the last of one that is forgotten
   * @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_SETTING_INVALID, CONTROLLER_MEMBER_BANNED, CONTROLLER_FULL
   */
  setMember(
    now: Now,
    networkId: NetworkId,
    address: Address,
    changes: MemberChanges,
  ): MemberRecord {
    const record = this.#change(now, this.#network(networkId), address, changes);
    this.#drain(now);
    return record;
  }

  /**
   * Makes an invitation: whoever brings its token when it first asks is let in.
   *
   * @param invite - note: at most 127 characters; expiresAtMs: wall time, 0 for never; uses: null for any number
   * @returns the token, which is kept nowhere, and the record
   * @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_SETTING_INVALID, CONTROLLER_FULL
   */
  createInvite(
    now: Now,
    networkId: NetworkId,
    { note, expiresAtMs, uses }: InviteTerms,
  ): { readonly token: string; readonly record: InviteRecord } {
    const network = this.#network(networkId);
    check(isLatin1(note), 'the note', 'is not 127 characters of Latin-1 or fewer');
    check(uses === null || (isU32(uses) && uses > 0), 'the number of uses', 'is none above 0');
    check(Number.isFinite(expiresAtMs) && expiresAtMs >= 0, 'the end', 'is no time');
    const token = toHex(this.#randomBytes(inviteTokenLength));
    const record: InviteRecord = {
      networkId,
      id: toHex(this.#randomBytes(4)),
      tokenHash: secretHash(this.#vl1.provider, token),
      note,
      createdAtMs: now.wallMs,
      expiresAtMs,
      usesLeft: uses,
    };
    const gone = network.setInvite(record, now.wallMs);
    if (gone === false)
      throw controllerError('CONTROLLER_FULL', `${formatU64(networkId)} has too many invitations`, {
        remedy: 'Revoke one first.',
      });
    if (gone !== null) this.#store.save({ kind: 'invite-deleted', networkId, id: gone.id });
    this.#store.save({ kind: 'invite', record });
    return { token, record };
  }

  /** Ends an invitation; who came by it stays. @throws CONTROLLER_NETWORK_UNKNOWN, CONTROLLER_INVITE_UNKNOWN */
  revokeInvite(networkId: NetworkId, id: string): InviteRecord {
    const network = this.#network(networkId);
    const record = network.invites.find((each) => each.id === id);
    if (record === undefined)
      throw controllerError('CONTROLLER_INVITE_UNKNOWN', `there is no invitation ${id}`, {
        remedy: 'See which there are: overspan invite list.',
      });
    network.deleteInvite(record);
    this.#store.save({ kind: 'invite-deleted', networkId, id });
    return record;
  }

  // ——— views

  /** Invitations of a network, from the oldest on. @throws CONTROLLER_NETWORK_UNKNOWN */
  invites(networkId: NetworkId): readonly InviteRecord[] {
    return this.#network(networkId).invites;
  }

  /** The invitation of a token. Null: there is none. @throws CONTROLLER_NETWORK_UNKNOWN */
  invite(networkId: NetworkId, token: string): InviteRecord | null {
    const hash = secretHash(this.#vl1.provider, token);
    return this.#network(networkId).invite(hash) ?? null;
  }

  /** By ascending number. */
  networks(): readonly NetworkRecord[] {
    return [...this.#networks.values()]
      .map(({ record }) => record)
      .sort((a, b) => (a.networkId < b.networkId ? -1 : 1));
  }

  /** Null: there is no such network. */
  network(networkId: NetworkId): NetworkRecord | null {
    return this.#networks.get(networkId)?.record ?? null;
  }

  /** Members of a network by ascending address, with those who have only asked. */
  members(now: Now, networkId: NetworkId): readonly MemberStatus[] {
    const network = this.#networks.get(networkId);
    if (network === undefined) return [];
    return network.members.map((record) => statusOf(now, network, record));
  }

  /** How many {@link members} there are. */
  memberCount(networkId: NetworkId): number {
    return this.#networks.get(networkId)?.memberCount ?? 0;
  }

  /** Members that an invitation let in last, the latest first: `countMax` at most, and of those let in since `sinceMs`. */
  invited(
    now: Now,
    invite: InviteRecord,
    { sinceMs, countMax }: { readonly sinceMs: number; readonly countMax: number },
  ): readonly MemberStatus[] {
    const network = this.#network(invite.networkId);
    return network
      .admittedBy(credentialOf(invite))
      .filter(({ authorizedAtMs }) => authorizedAtMs >= sinceMs)
      .sort((a, b) => b.authorizedAtMs - a.authorizedAtMs)
      .slice(0, countMax)
      .map((record) => statusOf(now, network, record));
  }

  /** One of {@link members}; null: there is none. */
  member(now: Now, networkId: NetworkId, address: Address): MemberStatus | null {
    const network = this.#networks.get(networkId);
    const record = network?.member(address);
    return network === undefined || record === undefined ? null : statusOf(now, network, record);
  }

  /** Who knows that a member was shut out; null: nobody was told, or nothing is remembered of it. */
  revocation(networkId: NetworkId, address: Address): RevocationStatus | null {
    return this.#revocations.statusOf(networkId, address);
  }

  /** Whether a member may announce and ask for multicast groups here: it was given a configuration lately (vl2 3.3). */
  mayUseGroups(now: Now, networkId: NetworkId, address: Address): boolean {
    const network = this.#networks.get(networkId);
    const session = network?.sessions.get(address);
    return (
      session !== undefined &&
      now.monoMs - session.configuredAtMs < groupAuthorizationMs &&
      (network?.member(address)?.authorization ?? null) !== null
    );
  }

  // ——— requests

  /** Decides about a request, and brings the record of who asks up to date. @returns null: denied */
  #admit(
    now: Now,
    network: ControlledNetwork,
    identity: Identity,
    metadata: RequestMetadata,
  ): MemberRecord | null {
    const { networkId, settings } = network.record;
    const known = network.member(identity.address);
    // Whoever has the address first has it.
    if (known?.identity && !sameIdentity(known.identity, identity)) return null;
    const member = known ?? newMember(networkId, identity.address, now.wallMs);
    const isIn = member.authorization !== null;
    const mayEnter = !isIn && !isBanned(member) && network.hasRoomFor([identity.address]);
    const invite = mayEnter ? this.#inviteOf(now, network, member, metadata) : null;
    const entry: Admission | null =
      invite !== null
        ? { reason: 'token', credential: credentialOf(invite) }
        : mayEnter
          ? admission(settings, metadata, now.wallMs)
          : null;
    if (!isIn && entry === null) {
      if (!member.identity) this.#saveMember(network, { ...member, identity });
      return null;
    }
    if (invite !== null && invite.usesLeft !== null) {
      const used = { ...invite, usesLeft: invite.usesLeft - 1 };
      network.setInvite(used, now.wallMs);
      this.#store.save({ kind: 'invite', record: used });
    }
    const admitted: MemberRecord = {
      ...(entry === null ? member : authorized(member, entry, now.wallMs)),
      identity: member.identity ?? identity,
      software: softwareOf(metadata),
      // Quirk: default capabilities are only for who was never heard of, default tags for everybody.
      capabilities:
        known === undefined
          ? settings.capabilities.filter(({ isDefault }) => isDefault).map(({ id }) => id)
          : member.capabilities,
      tags: withDefaultTags(member.tags, settings),
    };
    const ips = newAssignments(network.plan, admitted, {
      isTaken: (ip) => network.isTaken(ip),
      randomU64: () => this.#randomU64(),
    });
    const record =
      ips.length === 0
        ? admitted
        : { ...admitted, ipAssignments: [...admitted.ipAssignments, ...ips] };
    return sameValue(known, record) ? record : this.#saveMember(network, record);
  }

  /** Takes what an authorised member of ours says of others of its network. @param bytes - where it says it; anything else, too */
  #takeReport(now: Now, network: ControlledNetwork, session: Session, bytes: Uint8Array): void {
    if (bytes.length === 0 || now.monoMs - session.reportedAtMs < reportGateMs) return;
    const report = decode(memberReport, bytes);
    if (isDrop(report) || report.members.length === 0) return;
    session.reportedAtMs = now.monoMs;
    const by = session.address;
    const members = report.members.filter(
      ({ address }) => address !== by && (network.member(address)?.authorization ?? null) !== null,
    );
    network.reports.take(now.monoMs, by, members);
  }

  /** The invitation that lets a node in; null: it brings none that does. Who was put out needs a newer one. */
  #inviteOf(
    now: Now,
    network: ControlledNetwork,
    member: MemberRecord,
    metadata: RequestMetadata,
  ): InviteRecord | null {
    const token = joinToken(metadata);
    if (token === null) return null;
    const invite = network.invite(secretHash(this.#vl1.provider, token));
    if (invite === undefined || !isOpen(invite, now.wallMs)) return null;
    return invite.createdAtMs >= member.deauthorizedAtMs ? invite : null;
  }

  /** The signed pieces of a member's configuration. */
  #configure(
    now: Now,
    network: ControlledNetwork,
    session: Session,
    member: MemberRecord,
    identity: Identity,
  ): readonly SignedConfigChunk[] {
    const { provider, self } = this.#vl1;
    const { networkId, revision } = network.record;
    session.configuredAtMs = now.monoMs;
    session.issuedAt = this.#issueTime(now, network);
    const config = memberConfig({
      provider,
      self,
      networkId,
      revision,
      plan: network.plan,
      member,
      identity,
      bridges: network.bridges,
      timestamp: session.issuedAt,
      understandsRules: session.understandsRules,
      isOverspan: session.isOverspan,
    });
    const text = networkConfigText(config);
    return splitConfig(provider, self.secretKey, {
      networkId,
      updateId: this.#randomU64() || 1n,
      text,
    });
  }

  #refuse(now: Now, packet: InboundPacket, networkId: NetworkId, code: number): void {
    this.#reply(
      now,
      packet,
      messageOf('ERROR', {
        inReVerb: packet.verb,
        inRePacketId: packet.packetId as PacketId,
        code,
        body: { kind: 'network', networkId },
      }),
      false,
    );
  }

  #reply(now: Now, packet: InboundPacket, message: Message, compress: boolean): void {
    this.#vl1.reply(now, packet, message.verb, payloadOf(message), { compress });
  }

  // ——— pushes and revocations

  /** Everybody online who may have it gets it; a turn at a time. */
  #pushToAll(now: Now, network: ControlledNetwork): void {
    for (const session of network.sessions.online(now.monoMs)) this.#pushes.set(session, network);
  }

  #pushAfterChange(
    now: Now,
    network: ControlledNetwork,
    before: MemberRecord,
    after: MemberRecord,
  ): void {
    // The others must know a bridge before they believe what it brings.
    if (isBridge(before) !== isBridge(after)) this.#pushToAll(now, network);
    const session = network.sessions.get(after.address);
    if (session !== undefined) this.#pushes.set(session, network);
  }

  /** @returns false: it is not online, or may not have it */
  #push(now: Now, network: ControlledNetwork, session: Session): boolean {
    const member = network.member(session.address);
    if (member === undefined) return false;
    if (member.authorization === null || member.identity === null) return false;
    if (!isOnline(session, now.monoMs)) return false;
    // Who has asked in vain so far has no addresses yet.
    const record = this.#complete(network, session, member);
    for (const chunk of this.#configure(now, network, session, record, member.identity))
      this.#vl1.send(
        now,
        session.address,
        verbNumbers.NETWORK_CONFIG,
        payloadOf(messageOf('NETWORK_CONFIG', chunk)),
        compressed,
      );
    return true;
  }

  /** Gives a member what a request would give it. */
  #complete(network: ControlledNetwork, session: Session, member: MemberRecord): MemberRecord {
    const ips = newAssignments(network.plan, member, {
      isTaken: (ip) => network.isTaken(ip),
      randomU64: () => this.#randomU64(),
    });
    const record: MemberRecord = {
      ...member,
      tags: withDefaultTags(member.tags, network.record.settings),
      ipAssignments: [...member.ipAssignments, ...ips],
      software: session.software ?? member.software,
    };
    return sameValue(member, record) ? member : this.#saveMember(network, record);
  }

  /**
   * The time of what is issued now. Stored now and then, for after a restart of a host whose clock was set back meanwhile:
   * what is then issued may be older than what members hold by so little that they agree nevertheless.
   */
  #issueTime(now: Now, network: ControlledNetwork): bigint {
    const time = network.issueTime(now.wallMs);
    const { record } = network;
    if (Number(time) - record.issuedAfterMs < issueMarkMs) return time;
    network.setRecord({ ...record, issuedAfterMs: Number(time) - 1 });
    this.#store.save({ kind: 'network', record: network.record });
    return time;
  }

  // ——— changes of members; who makes them drains

  #change(
    now: Now,
    network: ControlledNetwork,
    address: Address,
    { isAuthorized, isBanned: shallBeBanned, ...changes }: MemberChanges,
  ): MemberRecord {
    const known = network.member(address);
    const member = known ?? newMember(network.record.networkId, address, now.wallMs);
    const wasAuthorized = member.authorization !== null;
    check(
      isAuthorized !== true || shallBeBanned !== true,
      'the member',
      'is let in and banned at once',
    );
    if (isAuthorized === true && shallBeBanned !== false) checkNotBanned(member);
    const tags = [...(changes.tags ?? member.tags)];
    if (changes.tags !== undefined) tags.sort((a, b) => a.id - b.id);
    const set: MemberRecord = { ...member, ...checkedSettings({ ...member, ...changes, tags }) };
    const standing = { isAuthorized, isBanned: shallBeBanned };
    const record = withStanding(set, standing, now.wallMs);
    if (known !== undefined && sameValue(known, record)) return known;
    if (known !== undefined && isBanned(known) && isBlank(record)) {
      this.counts.memberChanges++;
      network.deleteMember(address);
      this.#store.save({ kind: 'member-deleted', networkId: record.networkId, address });
      return { ...record, revision: record.revision + 1 };
    }
    if (!isPending(record)) this.#checkRoom(network, [address]);
    const saved = this.#saveMember(network, record);
    if (wasAuthorized && record.authorization === null) this.#revoke(now, network, [member]);
    this.#pushAfterChange(now, network, member, saved);
    return saved;
  }

  #shutOut(now: Now, network: ControlledNetwork, addresses: readonly Address[]): MemberRecord[] {
    return this.#putOut(now, network, network.known(addresses), shutOut);
  }

  #ban(now: Now, network: ControlledNetwork, addresses: readonly Address[]): MemberRecord[] {
    const { networkId } = network.record;
    const members = [...new Set(addresses)].map(
      (address) => network.member(address) ?? newMember(networkId, address, now.wallMs),
    );
    return this.#putOut(now, network, members, banned);
  }

  /** Puts members out as `change` says, with one word to everybody. @returns those that have changed */
  #putOut(
    now: Now,
    network: ControlledNetwork,
    members: readonly MemberRecord[],
    change: (member: MemberRecord, wallMs: number) => MemberRecord,
  ): MemberRecord[] {
    const gone: MemberRecord[] = [];
    const changed: MemberRecord[] = [];
    for (const member of members) {
      const record = change(member, now.wallMs);
      if (record === member) continue;
      changed.push(this.#saveMember(network, record));
      if (member.authorization !== null) gone.push(member);
      this.#pushAfterChange(now, network, member, record);
    }
    if (gone.length > 0) this.#revoke(now, network, gone);
    return changed;
  }

  /** Has everybody online told that members are shut out, themselves too. */
  #revoke(now: Now, network: ControlledNetwork, members: readonly MemberRecord[]): void {
    const addresses = members.map(({ address }) => address);
    network.reports.forget(new Set(addresses));
    const record = withShutOut(network.record, addresses, Number(network.issueTime(now.wallMs)));
    network.setRecord(record);
    this.#store.save({ kind: 'network', record: network.record });
    this.#revocations.announce(now, record, addresses, {
      online: network.sessions.online(now.monoMs),
      unheard: this.#unheard(now, network, addresses),
    });
  }

  /** Members that may be online: soon after the start not all have asked yet. @param shutOut - they are to hear of it, too */
  #unheard(now: Now, network: ControlledNetwork, shutOut: readonly Address[]): Address[] {
    this.#startedAtMs ??= now.monoMs;
    if (now.monoMs - this.#startedAtMs >= onlineMs) return [];
    const isShutOut = new Set(shutOut);
    return network.members
      .filter(({ authorization, address }) => authorization !== null || isShutOut.has(address))
      .filter(({ identity, address }) => identity !== null && !network.sessions.get(address))
      .map(({ address }) => address);
  }

  /** Sends what may go now, and asks to be called for the rest. */
  #drain(now: Now): void {
    this.#revocations.drain(now, (networkId) => this.#networks.has(networkId));
    if (now.monoMs >= this.#pushAtMs) {
      let count = 0;
      for (const [session, network] of this.#pushes) {
        if (count === pushesPerTurn) break;
        this.#pushes.delete(session);
        if (this.#push(now, network, session)) count++;
      }
      // Also where none is left: more commands may come in the same turn of the loop.
      if (count > 0) this.#pushAtMs = now.monoMs + pushTurnMs;
    }
    if (this.#pushes.size > 0) this.#vl1.wake(this.#pushAtMs);
  }

  // ——— records

  get #self(): Address {
    return this.#vl1.self.identity.address;
  }

  #network(networkId: NetworkId): ControlledNetwork {
    const network = this.#networks.get(networkId);
    if (network !== undefined) return network;
    throw controllerError(
      'CONTROLLER_NETWORK_UNKNOWN',
      `${formatU64(networkId)} is no network of this controller`,
      { remedy: 'See which networks there are; the first ten digits name the controller.' },
    );
  }

  #member(network: ControlledNetwork, address: Address): MemberRecord {
    const member = network.member(address);
    if (member !== undefined) return member;
    throw controllerError(
      'CONTROLLER_MEMBER_UNKNOWN',
      `${formatAddress(address)} is no member of ${formatU64(network.record.networkId)}`,
      { remedy: 'See which members there are; authorise it to let it in before it asks.' },
    );
  }

  /** @throws CONTROLLER_FULL where not all of them can be more than who only asks */
  #checkRoom(network: ControlledNetwork, addresses: readonly Address[]): void {
    if (network.hasRoomFor(addresses)) return;
    const text = formatU64(network.record.networkId);
    throw controllerError('CONTROLLER_FULL', `${text} has no room for members`, {
      remedy: 'Delete a member first.',
    });
  }

  #addNetwork(now: Now, networkId: NetworkId, changes: Partial<NetworkSettings>): NetworkRecord {
    const network = new ControlledNetwork(
      {
        networkId,
        settings: { ...defaultSettings, ...changes },
        revision: 1,
        createdAtMs: now.wallMs,
        issuedAfterMs: 0,
        shutOut: [],
      },
      this.#limits,
    );
    this.#networks.set(networkId, network);
    this.counts.networkChanges++;
    this.#store.save({ kind: 'network', record: network.record });
    return network.record;
  }

  #freeNetworkId(): NetworkId {
    for (;;) {
      const number = Number(this.#randomU64() & 0xff_ffffn) || 1;
      const networkId = networkIdOf(this.#self, number);
      if (!this.#networks.has(networkId)) return networkId;
    }
  }

  /** Keeps a member that has changed, as its next revision. @returns what is kept */
  #saveMember(network: ControlledNetwork, changed: MemberRecord): MemberRecord {
    const before = network.member(changed.address)?.authorization ?? null;
    const record = { ...changed, revision: changed.revision + 1 };
    const forgotten = network.setMember(record);
    this.counts.memberChanges++;
    if (before === null && record.authorization !== null) this.counts.authorizations++;
    if (before !== null && record.authorization === null) this.counts.deauthorizations++;
    this.#store.save({ kind: 'member', record });
    if (forgotten !== null)
      this.#store.save({
        kind: 'member-deleted',
        networkId: record.networkId,
        address: forgotten,
      });
    return record;
  }

  #randomU64(): bigint {
    return new ByteReader(this.#randomBytes(8)).u64();
  }

  #randomBytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    this.#vl1.entropy.fill(bytes);
    return bytes;
  }
}

/** @throws CONTROLLER_MEMBER_BANNED */
function checkNotBanned(member: MemberRecord): void {
  if (!isBanned(member)) return;
  const [network, address] = [formatU64(member.networkId), formatAddress(member.address)];
  throw controllerError('CONTROLLER_MEMBER_BANNED', `${address} is banned from ${network}`, {
    remedy: `Lift the ban first, where that is meant: overspan member unban ${network} ${address}.`,
  });
}

function softwareOf({
  protocolVersion,
  majorVersion,
  minorVersion,
  revision,
}: RequestMetadata): Software {
  return { protocolVersion, majorVersion, minorVersion, revision };
}

function isBridge({ authorization, isActiveBridge }: MemberRecord): boolean {
  return authorization !== null && isActiveBridge;
}

/** What is sent is copied by who sends it. */
const payloadWriter = new ByteWriter(new Uint8Array(payloadBytesMax));

/** The bytes of a message, until the next one. */
function payloadOf(message: Message): Uint8Array {
  payloadWriter.seek(0);
  encodeMessage(payloadWriter, message);
  return payloadWriter.bytes.subarray(0, payloadWriter.offset);
}

function statusOf(now: Now, network: ControlledNetwork, record: MemberRecord): MemberStatus {
  const session = network.sessions.get(record.address);
  return {
    record,
    isOnline: session !== undefined && isOnline(session, now.monoMs),
    heard: session === undefined ? null : heardOf(session, now.monoMs),
    reports: network.reports.of(now.monoMs, record.address),
  };
}

function heardOf(session: Session, monoMs: number): MemberHeard {
  const { requestedAtMs, configuredAtMs, lostConfigs, software, platform, isOverspan } = session;
  const configuredAgoMs = configuredAtMs === -Infinity ? null : monoMs - configuredAtMs;
  const askedAgoMs = monoMs - requestedAtMs;
  return { askedAgoMs, configuredAgoMs, lostConfigs, software, platform, isOverspan };
}
