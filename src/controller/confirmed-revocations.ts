/**
 * Revocations on their way to Overspan members, who say what they have put in force: all at once, and again to whoever has
 * not confirmed, so that a lost datagram costs a fifth of a second. Of one network, which may be gone meanwhile.
 *
 * What was sent is remembered for a while, so that people can see who has confirmed. Official members confirm nothing: theirs
 * is `revocation-outbox.ts`.
 */
import type { Address } from '../base/ids.ts';
import type { Revocation } from '../wire/credentials/revocation.ts';
import {
  confirmationRetriesMs,
  confirmationPacketsPerTurn,
  confirmationTurnMs,
  revocationsPerPacket,
} from './constants.ts';
import {
  revocationPayload,
  type OutgoingCredentials,
  type PlannedRevocation,
  type SignRevocation,
} from './revocation-packet.ts';

/** What became of the revocation of a member. */
export interface RevocationStatus {
  /** When it was first sent, `monoMs`; null: it was not yet. */
  readonly sentAtMs: number | null;
  /** Members that have it in force. */
  readonly confirmed: readonly Address[];
  /** Members that were told and have not said so. */
  readonly waiting: readonly Address[];
}

interface Packet {
  readonly planned: readonly PlannedRevocation[];
  revocations: readonly Revocation[] | null;
  payload: Uint8Array | null;
  sentAtMs: number | null;
  readonly confirmed: Set<Address>;
  readonly waiting: Set<Address>;
  /** Of this turn: those that were not sent to yet. */
  toSend: Address[];
  tries: number;
  /** `monoMs`; Infinity: no more. */
  dueAtMs: number;
}

/** The queue. */
export class ConfirmedRevocations {
  readonly #sign: SignRevocation;
  readonly #packetsMax: number;
  /** From the oldest on; those that are done too. */
  #packets: Packet[] = [];

  /** @param packetsMax - more are forgotten, the oldest first */
  constructor(sign: SignRevocation, packetsMax: number) {
    this.#sign = sign;
    this.#packetsMax = packetsMax;
  }

  /** @param recipients - Overspan members */
  add(nowMs: number, planned: readonly PlannedRevocation[], recipients: readonly Address[]): void {
    if (recipients.length === 0) return;
    for (let at = 0; at < planned.length; at += revocationsPerPacket)
      this.#packets.push({
        planned: planned.slice(at, at + revocationsPerPacket),
        revocations: null,
        payload: null,
        sentAtMs: null,
        confirmed: new Set(),
        waiting: new Set(recipients),
        toSend: [...recipients],
        tries: 0,
        dueAtMs: nowMs,
      });
    if (this.#packets.length > this.#packetsMax)
      this.#packets = this.#packets.slice(-this.#packetsMax);
  }

  /** When {@link take} gives something, `monoMs`; Infinity: not as it is. */
  get dueAtMs(): number {
    return this.#packets.reduce((least, { dueAtMs }) => Math.min(least, dueAtMs), Infinity);
  }

  /** What is to be sent now. */
  take(nowMs: number): readonly OutgoingCredentials[] {
    const outgoing: OutgoingCredentials[] = [];
    for (const packet of this.#packets) {
      if (nowMs < packet.dueAtMs) continue;
      packet.revocations ??= packet.planned.map(this.#sign);
      packet.payload ??= revocationPayload(packet.revocations);
      packet.sentAtMs ??= nowMs;
      const room = confirmationPacketsPerTurn - outgoing.length;
      for (const to of packet.toSend.splice(0, room))
        if (packet.waiting.has(to)) outgoing.push({ to, payload: packet.payload });
      if (packet.toSend.length > 0) {
        packet.dueAtMs = nowMs + confirmationTurnMs;
        continue;
      }
      const gapMs = confirmationRetriesMs[packet.tries++];
      packet.toSend = [...packet.waiting];
      packet.dueAtMs = gapMs === undefined || packet.waiting.size === 0 ? Infinity : nowMs + gapMs;
    }
    return outgoing;
  }

  /** A member has put revocations in force. @param ids - of revocations, as it says */
  confirm(from: Address, ids: ReadonlySet<number>): void {
    for (const packet of this.#packets) {
      if (!packet.waiting.has(from)) continue;
      if (packet.revocations?.every(({ id }) => ids.has(id)) !== true) continue;
      packet.waiting.delete(from);
      packet.confirmed.add(from);
      if (packet.waiting.size === 0) packet.dueAtMs = Infinity;
    }
  }

  /** A member is there again: what it has not confirmed goes to it once more. @returns whether there is any */
  again(nowMs: number, to: Address): boolean {
    let isDue = false;
    for (const packet of this.#packets)
      if (packet.dueAtMs === Infinity && packet.waiting.has(to)) {
        packet.toSend = [to];
        packet.dueAtMs = nowMs;
        isDue = true;
      }
    return isDue;
  }

  /** Of the last revocation of a member; null: none is remembered. */
  statusOf(target: Address): RevocationStatus | null {
    const packet = this.#packets.findLast(({ planned }) =>
      planned.some((each) => each.target === target),
    );
    if (packet === undefined) return null;
    const { sentAtMs, confirmed, waiting } = packet;
    return { sentAtMs, confirmed: [...confirmed], waiting: [...waiting] };
  }
}
