/**
 * One network of a controller: its record, its members and who has asked for it, with what is looked up among them.
 *
 * Records are replaced, never changed. Nothing here is saved or sent: that is `controller.ts`.
 */
import type { Address } from '../base/ids.ts';
import type { ControllerLimits } from './constants.ts';
import { isOpen, type InviteRecord } from './invite-record.ts';
import type { MemberRecord } from './member-record.ts';
import { MemberReports } from './member-reports.ts';
import { isPending } from './member-standing.ts';
import { planNetwork, type NetworkPlan } from './network-plan.ts';
import type { NetworkRecord } from './network-record.ts';
import { Sessions } from './session.ts';

/** A network. */
export class ControlledNetwork {
  readonly sessions: Sessions;
  readonly reports: MemberReports = new MemberReports();
  #record: NetworkRecord;
  #plan: NetworkPlan;
  readonly #limits: ControllerLimits;
  readonly #members = new Map<Address, MemberRecord>();
  /** How many members have an IP address; people may give one to several. */
  readonly #taken = new Map<string, number>();
  /** Who was never authorised, from the one who asked first on. */
  readonly #pending = new Set<Address>();
  readonly #bridges = new Set<Address>();
  /** By the hash of the token. */
  readonly #invites = new Map<string, InviteRecord>();
  #latest = 0n;

  /** @throws CONTROLLER_SETTING_INVALID */
  constructor(record: NetworkRecord, limits: ControllerLimits) {
    this.#plan = planNetwork(record.settings);
    this.#record = { ...record, settings: this.#plan.settings };
    this.#limits = limits;
    this.sessions = new Sessions(limits.members + limits.pending);
  }

  get record(): NetworkRecord {
    return this.#record;
  }

  get plan(): NetworkPlan {
    return this.#plan;
  }

  /** Replaces the record. @throws CONTROLLER_SETTING_INVALID, then nothing has changed */
  setRecord(record: NetworkRecord): void {
    this.#plan = planNetwork(record.settings);
    this.#record = { ...record, settings: this.#plan.settings };
  }

  /** By ascending address. */
  get members(): readonly MemberRecord[] {
    return [...this.#members.values()].sort((a, b) => a.address - b.address);
  }

  get memberCount(): number {
    return this.#members.size;
  }

  /** Those that a token let in last. @param credential - as in their records */
  admittedBy(credential: string): MemberRecord[] {
    return [...this.#members.values()].filter((each) => each.lastCredential === credential);
  }

  /** Those of these that are members, each once. */
  known(addresses: readonly Address[]): MemberRecord[] {
    return [...new Set(addresses)].flatMap((address) => this.#members.get(address) ?? []);
  }

  member(address: Address): MemberRecord | undefined {
    return this.#members.get(address);
  }

  /** Authorised active bridges, ascending. */
  get bridges(): readonly Address[] {
    return [...this.#bridges].sort((a, b) => a - b);
  }

  isTaken(ip: string): boolean {
    return this.#taken.has(ip);
  }

  /** Whether all of these can be more than who only asks: those that are need no room. @param addresses - each once */
  hasRoomFor(addresses: readonly Address[]): boolean {
    const { size } = this.#members;
    const count = addresses.filter(
      (address) => !this.#members.has(address) || this.#pending.has(address),
    ).length;
    return count === 0 || size - this.#pending.size + count <= this.#limits.members;
  }

  /** Adds or replaces a member. @returns who has to be forgotten because it was never authorised and too many wait */
  setMember(member: MemberRecord): Address | null {
    const { address } = member;
    this.deleteMember(address);
    this.#members.set(address, member);
    for (const ip of member.ipAssignments) this.#taken.set(ip, (this.#taken.get(ip) ?? 0) + 1);
    if (member.authorization !== null && member.isActiveBridge) this.#bridges.add(address);
    if (!isPending(member)) return null;
    this.#pending.add(address);
    if (this.#pending.size <= this.#limits.pending) return null;
    const [first] = this.#pending;
    if (first === undefined) return null;
    this.deleteMember(first);
    return first;
  }

  deleteMember(address: Address): void {
    const member = this.#members.get(address);
    if (member === undefined) return;
    this.#members.delete(address);
    this.#pending.delete(address);
    this.#bridges.delete(address);
    for (const ip of member.ipAssignments) {
      const count = (this.#taken.get(ip) ?? 0) - 1;
      if (count > 0) this.#taken.set(ip, count);
      else this.#taken.delete(ip);
    }
  }

  /** From the oldest on. */
  get invites(): readonly InviteRecord[] {
    return [...this.#invites.values()].sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  /** The one of a token; undefined: there is none. */
  invite(tokenHash: string): InviteRecord | undefined {
    return this.#invites.get(tokenHash);
  }

  /** Adds or replaces one. @returns one that lets nobody in any more and makes room; null: there was room. False: there is none */
  setInvite(invite: InviteRecord, wallMs: number): InviteRecord | null | false {
    const { tokenHash } = invite;
    let gone: InviteRecord | null = null;
    if (!this.#invites.has(tokenHash) && this.#invites.size >= this.#limits.invites) {
      gone = this.invites.find((each) => !isOpen(each, wallMs)) ?? null;
      if (gone === null) return false;
      this.#invites.delete(gone.tokenHash);
    }
    this.#invites.set(tokenHash, invite);
    return gone;
  }

  deleteInvite({ tokenHash }: InviteRecord): void {
    this.#invites.delete(tokenHash);
  }

  /**
   * The time to write into what is issued: never before that of anything earlier, however the clock steps. Members refuse
   * a certificate that is older than the one they hold, or than what was revoked.
   */
  issueTime(wallMs: number): bigint {
    const after = BigInt(this.#record.issuedAfterMs) + 1n;
    const wall = BigInt(Math.floor(wallMs));
    if (wall > this.#latest) this.#latest = wall;
    if (after > this.#latest) this.#latest = after;
    return this.#latest;
  }
}
