/**
 * Tells members that others were shut out: at once who is online, later who comes back or was cut off, for as long as
 * certificates of before could count. Overspan members confirm; official ones are told in their own pace, more than once.
 *
 * Source: vl2 3.6, 5.6. What was revoked is in the network's record, so that a controller that was killed goes on telling.
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { Now } from '../core/ports.ts';
import type { Vl1 } from '../core/vl1-port.ts';
import {
  fastPropagateFlag,
  revocableTypes,
  signRevocation,
} from '../wire/credentials/revocation.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { ConfirmedRevocations, type RevocationStatus } from './confirmed-revocations.ts';
import { confirmedPacketsMax, shutOutMax } from './constants.ts';
import type { NetworkRecord, ShutOut } from './network-record.ts';
import { RevocationOutbox } from './revocation-outbox.ts';
import type { PlannedRevocation, SignRevocation } from './revocation-packet.ts';
import type { Session } from './session.ts';

const pendingMax = 65_536;
/** Clocks of members may be off by so much, ms. */
const clockMarginMs = 60_000;

/** The record of a network of which members were shut out. @param thresholdMs - what was issued until then is worth nothing */
export function withShutOut(
  record: NetworkRecord,
  addresses: readonly Address[],
  thresholdMs: number,
): NetworkRecord {
  const { membershipWindowMs } = record.settings;
  const oldestMs = thresholdMs - membershipWindowMs - clockMarginMs;
  const shutOut: readonly ShutOut[] = [
    ...record.shutOut.filter((each) => each.thresholdMs >= oldestMs),
    ...addresses.map((address) => ({ address, thresholdMs })),
  ];
  return { ...record, issuedAfterMs: thresholdMs, shutOut: shutOut.slice(-shutOutMax) };
}

interface Queues {
  /** To official members. */
  readonly outbox: RevocationOutbox;
  /** To Overspan members. */
  readonly confirmed: ConfirmedRevocations;
}

/** Of all networks of a controller. */
export class Revocations {
  readonly #vl1: Vl1;
  readonly #randomU32: () => number;
  /** Of networks, also of some that are gone and of which members are still told. */
  readonly #queues = new Map<NetworkId, Queues>();

  constructor(vl1: Vl1, randomU32: () => number) {
    this.#vl1 = vl1;
    this.#randomU32 = randomU32;
  }

  /**
   * Members were shut out, and the record says so.
   *
   * @param online - who is to be told, themselves among them. @param unheard - who may be there, and has not asked yet since
   *   this controller was started: told as official members are
   */
  announce(
    now: Now,
    record: NetworkRecord,
    members: readonly Address[],
    {
      online,
      unheard,
    }: { readonly online: readonly Session[]; readonly unheard: readonly Address[] },
  ): void {
    const threshold = BigInt(record.issuedAfterMs);
    const planned = members.map((target) => ({ target, threshold }));
    this.#tell(now, record.networkId, planned, online);
    if (unheard.length > 0 && planned.length > 0)
      this.#of(record.networkId).outbox.add(planned, unheard);
    for (const session of online) session.toldUntilMs = record.issuedAfterMs;
  }

  /**
   * A member was given its configuration: it is told of who was shut out while it was not there.
   *
   * @returns whether there is anything to tell, so that {@link drain} sends it
   */
  greet(now: Now, record: NetworkRecord, session: Session): boolean {
    const oldestMs = now.wallMs - record.settings.membershipWindowMs - clockMarginMs;
    const news = record.shutOut.filter(
      ({ address, thresholdMs }) =>
        thresholdMs > Math.max(session.toldUntilMs, oldestMs) && address !== session.address,
    );
    session.toldUntilMs = Math.max(session.toldUntilMs, record.issuedAfterMs);
    const { confirmed } = this.#queues.get(record.networkId) ?? {};
    const isDue = confirmed?.again(now.monoMs, session.address) === true;
    if (news.length === 0) return isDue;
    const planned = news.map(({ address, thresholdMs }) => ({
      target: address,
      threshold: BigInt(thresholdMs),
    }));
    this.#tell(now, record.networkId, planned, [session]);
    return true;
  }

  /** A member says what it has in force. */
  confirm(from: Address, networkId: NetworkId, ids: readonly number[]): void {
    this.#queues.get(networkId)?.confirmed.confirm(from, new Set(ids));
  }

  /** Who knows that a member was shut out; null: nothing is remembered of it. */
  statusOf(networkId: NetworkId, target: Address): RevocationStatus | null {
    return this.#queues.get(networkId)?.confirmed.statusOf(target) ?? null;
  }

  /** Sends what may go now, and asks to be woken for the rest. @param isThere - whether a network still is */
  drain(now: Now, isThere: (networkId: NetworkId) => boolean): void {
    for (const [networkId, { outbox, confirmed }] of this.#queues) {
      for (const queue of [outbox, confirmed])
        for (const { to, payload } of queue.take(now.monoMs))
          this.#vl1.send(now, to, verbNumbers.NETWORK_CREDENTIALS, payload);
      const dueAtMs = Math.min(outbox.dueAtMs, confirmed.dueAtMs);
      if (dueAtMs !== Infinity) this.#vl1.wake(dueAtMs);
      else if (!isThere(networkId)) this.#queues.delete(networkId);
    }
  }

  #tell(
    now: Now,
    networkId: NetworkId,
    planned: readonly PlannedRevocation[],
    sessions: readonly Session[],
  ): void {
    if (planned.length === 0 || sessions.length === 0) return;
    const { outbox, confirmed } = this.#of(networkId);
    const addressesOf = (isOverspan: boolean): Address[] =>
      sessions.filter((each) => each.isOverspan === isOverspan).map(({ address }) => address);
    confirmed.add(now.monoMs, planned, addressesOf(true));
    const others = addressesOf(false);
    if (others.length > 0) outbox.add(planned, others);
  }

  #of(networkId: NetworkId): Queues {
    const known = this.#queues.get(networkId);
    if (known !== undefined) return known;
    const sign: SignRevocation = ({ target, threshold }) => {
      const { provider, self } = this.#vl1;
      return signRevocation(provider, self.secretKey, {
        id: this.#randomU32(),
        networkId,
        credentialId: 0,
        threshold,
        flags: fastPropagateFlag,
        target,
        signedBy: self.identity.address,
        credentialType: revocableTypes.membership,
      });
    };
    const queues = {
      outbox: new RevocationOutbox(networkId, sign, pendingMax),
      confirmed: new ConfirmedRevocations(sign, confirmedPacketsMax),
    };
    this.#queues.set(networkId, queues);
    return queues;
  }
}
