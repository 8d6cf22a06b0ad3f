/**
 * Who has asked for the configuration of a network lately: what a controller remembers of them without keeping it.
 *
 * Source: vl2 5.6, 6.1, 6.4, 3.3.
 */
import type { Address, PacketId } from '../base/ids.ts';
import type { Software } from './member-record.ts';
import { onlineMs, requestGateMs } from './constants.ts';

/** One who has asked. Times are `monoMs`; −∞: never. */
export interface Session {
  readonly address: Address;
  requestedAtMs: number;
  /** It was last sent a configuration. */
  configuredAtMs: number;
  /** Issue time of the last configuration that it was sent, ms, as in packets; null: it was sent none. */
  issuedAt: bigint | null;
  /** Configurations in a row that it was sent and, asking again, did not say that it holds. */
  lostConfigs: number;
  /** At its last request. */
  understandsRules: boolean;
  /** At its last request: it confirms revocations, and takes many at once. */
  isOverspan: boolean;
  /** It was told of everybody who was shut out until then, ms, as in packets. */
  toldUntilMs: number;
  /** What it runs, as it said at its last request; null: it has not asked yet. */
  software: Software | null;
  /** `linux/x86_64`, as it said. */
  platform: string | null;
  /** What it said of other members was last taken. */
  reportedAtMs: number;
  /** Issue time of the newest configuration of which it ever said that it holds it; 0: of none. */
  held: bigint;
  /** It first said so. */
  heldAtMs: number;
  /** The packet in which it last said what it holds; null: it did not. */
  heldIn: PacketId | null;
}

/** Everybody who has asked for one network, from the one who has not asked for longest on. */
export class Sessions {
  readonly #sessions = new Map<Address, Session>();
  readonly #sessionsMax: number;

  /** @param sessionsMax - when one more comes, the one who has not asked for longest is forgotten */
  constructor(sessionsMax: number) {
    this.#sessionsMax = sessionsMax;
  }

  get size(): number {
    return this.#sessions.size;
  }

  get(address: Address): Session | undefined {
    return this.#sessions.get(address);
  }

  /** Notes a request. @returns null where it came too soon after the last one: it is not to be answered */
  request(nowMs: number, address: Address): Session | null {
    const known = this.#sessions.get(address);
    if (known !== undefined && nowMs - known.requestedAtMs < requestGateMs) return null;
    const session = known ?? {
      address,
      requestedAtMs: nowMs,
      configuredAtMs: -Infinity,
      issuedAt: null,
      lostConfigs: 0,
      understandsRules: false,
      isOverspan: false,
      toldUntilMs: -Infinity,
      software: null,
      platform: null,
      reportedAtMs: -Infinity,
      held: 0n,
      heldAtMs: -Infinity,
      heldIn: null,
    };
    session.requestedAtMs = nowMs;
    this.#sessions.delete(address);
    if (this.#sessions.size >= this.#sessionsMax) {
      const [longestSilent] = this.#sessions.keys();
      if (longestSilent !== undefined) this.#sessions.delete(longestSilent);
    }
    this.#sessions.set(address, session);
    return session;
  }

  /** Who has asked within the last two minutes. */
  online(nowMs: number): Session[] {
    return [...this.#sessions.values()].filter((session) => isOnline(session, nowMs));
  }
}

/**
 * Notes which configuration a member says it holds when it asks again: one that is older than what it was sent shows that
 * this was lost, or has crossed the question.
 *
 * Each configuration is newer than the one before, so that a request which names an older one than another did is a recording of
 * what the member once sent, and says nothing about it now; so does the same packet again. Who says that it holds none at all has
 * lost what it held, but hardly so soon after it got it.
 *
 * @param packetId - of the request
 * @param have - issue time; 0: it holds none; null: it does not say
 * @returns whether it holds what it did not hold before: then the request is no recording
 */
export function noteHeld(
  session: Session,
  nowMs: number,
  packetId: PacketId,
  have: bigint | null,
): boolean {
  if (have === null) return false;
  const isNews = have > session.held;
  const hasForgotten = have === 0n && nowMs - session.heldAtMs >= onlineMs;
  const isOlder = have < session.held && !hasForgotten;
  if (isOlder || packetId === session.heldIn) return false;
  session.heldIn = packetId;
  if (isNews) {
    session.held = have;
    session.heldAtMs = nowMs;
  }
  // It may be older than what a recording was answered with: that went to whoever has sent it.
  const isLost = !isNews && session.issuedAt !== null && have < session.issuedAt;
  session.lostConfigs = isLost ? session.lostConfigs + 1 : 0;
  return isNews;
}

/** Notes that a member was refused: what it does not hold it need not hold any more. */
export function noteRefused(session: Session): void {
  session.issuedAt = null;
  session.lostConfigs = 0;
}

/** Whether somebody has asked within the last two minutes. */
export function isOnline({ requestedAtMs }: Session, nowMs: number): boolean {
  return nowMs - requestedAtMs < onlineMs;
}
