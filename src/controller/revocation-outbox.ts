/**
 * Revocations on their way to official members who were online, so that they arrive.
 *
 * A receiver takes one packet of credentials a second from a peer and ignores the rest (vl2 3.6, pitfall 12). So there is
 * one packet at a time, holding whatever has come together, and the next one only when it will be read; and each
 * revocation goes out more than once. It is signed when it first goes out: a network of thousands that is deleted does not
 * hold everything up.
 */
import type { Address, NetworkId } from '../base/ids.ts';
import type { Revocation } from '../wire/credentials/revocation.ts';
import { revocationIntervalMs, revocationSends, revocationsPerPacket } from './constants.ts';
import {
  revocationPayload,
  type OutgoingCredentials,
  type PlannedRevocation,
  type SignRevocation,
} from './revocation-packet.ts';

interface Pending {
  readonly planned: PlannedRevocation;
  readonly recipients: readonly Address[];
  signed: Revocation | null;
  sendsLeft: number;
}

/** Of one network, which may be gone meanwhile. */
export class RevocationOutbox {
  readonly networkId: NetworkId;
  readonly #sign: SignRevocation;
  readonly #pendingMax: number;
  #pending: Pending[] = [];
  #nextAtMs = -Infinity;

  /** @param pendingMax - more are forgotten, the oldest first: certificates expire all the same */
  constructor(networkId: NetworkId, sign: SignRevocation, pendingMax: number) {
    this.networkId = networkId;
    this.#sign = sign;
    this.#pendingMax = pendingMax;
  }

  /** @param recipients - kept */
  add(planned: readonly PlannedRevocation[], recipients: readonly Address[]): void {
    for (const each of planned)
      this.#pending.push({ planned: each, recipients, signed: null, sendsLeft: revocationSends });
    if (this.#pending.length > this.#pendingMax)
      this.#pending = this.#pending.slice(-this.#pendingMax);
  }

  /** When {@link take} gives something, `monoMs`; Infinity: never again. */
  get dueAtMs(): number {
    return this.#pending.length === 0 ? Infinity : this.#nextAtMs;
  }

  /** What is to be sent now: at most one packet for each recipient. */
  take(nowMs: number): readonly OutgoingCredentials[] {
    if (nowMs < this.dueAtMs) return [];
    this.#nextAtMs = nowMs + revocationIntervalMs;
    const batch = this.#pending.splice(0, revocationsPerPacket);
    const byRecipient = new Map<Address, Revocation[]>();
    for (const each of batch) {
      each.signed ??= this.#sign(each.planned);
      each.sendsLeft--;
      for (const to of each.recipients)
        byRecipient.set(to, [...(byRecipient.get(to) ?? []), each.signed]);
    }
    this.#pending.push(...batch.filter(({ sendsLeft }) => sendsLeft > 0));
    return [...byRecipient].map(([to, revocations]) => ({
      to,
      payload: revocationPayload(revocations),
    }));
  }
}
