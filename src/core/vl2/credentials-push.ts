/**
 * Shows our credentials to the members that we send frames to (vl2 5.4).
 *
 * | why | when |
 * |---|---|
 * | a frame goes to a member | not since our configuration came, or 500 s ago |
 * | it says that it lacks them | 250 ms ago, then 500 ms, then 1 s (the official node: 1 s) |
 * | a push came soon after another | once more, 1.1 s after the first |
 *
 * An official node takes one packet of credentials a second and ignores the others, the newest ones too (vl2 3.6): hence
 * the third row. What was lost on the way is not counted by the receiver, so asking for it again need not wait a second.
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address } from '../../base/ids.ts';
import type { NetworkConfig } from '../../wire/network-config/network-config.ts';
import {
  networkCredentials,
  type NetworkCredentials,
} from '../../wire/verbs/network-credentials.ts';
import { payloadBytesMax, verbNumbers } from '../../wire/verbs/verb.ts';
import type { Now } from '../ports.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { Member } from './members.ts';
import type { NetworkState } from './network-state.ts';

/** A member that is sent to is shown our credentials at least this often, ms. */
export const pushIntervalMs = 500_000;
/** A member that asks is shown them after this time at the earliest, the first time and later, ms. */
export const pushOnRequestMs = { min: 250, max: 1_000 } as const;
/** The official node takes them at most this often, ms. */
export const receiveGateMs = 1_000;
/** When they are shown again to a member that may have ignored them, ms after the push before. */
export const pushAgainMs = 1_100;

const compressed = { compress: true } as const;

/** The pushes of one network. */
export class CredentialsPush {
  readonly #vl1: Vl1;
  readonly #state: NetworkState;
  #payloads: readonly Uint8Array[] = [];
  /** When the present credentials came. */
  #changedAtMs = -Infinity;
  /** When the earliest of the members' `pushAgainAtMs` is. */
  #againAtMs = Infinity;

  constructor(vl1: Vl1, state: NetworkState) {
    this.#vl1 = vl1;
    this.#state = state;
  }

  /** New credentials: every member is to see them. */
  configured(nowMs: number, config: NetworkConfig): void {
    this.#payloads = encodeCredentials(config);
    this.#changedAtMs = nowMs;
  }

  /** To be called before a frame is sent to a member. */
  beforeFrame(now: Now, to: Address): void {
    const member = this.#state.members.of(to);
    member.usedAtMs = now.monoMs;
    const isSeen =
      member.pushedAtMs >= this.#changedAtMs && now.monoMs - member.pushedAtMs < pushIntervalMs;
    if (isSeen) return;
    member.requestGapMs = pushOnRequestMs.min;
    this.#push(now, member);
  }

  /**
   * A member asks for them. Who was never sent anything has no reason to.
   *
   * @returns whether they were sent: it is one that lacks them
   */
  requested(now: Now, by: Address): boolean {
    const member = this.#state.members.get(by);
    if (member === undefined || now.monoMs - member.pushedAtMs < member.requestGapMs) return false;
    // Who asks on and on has them, and will not have us.
    member.requestGapMs = Math.min(pushOnRequestMs.max, 2 * member.requestGapMs);
    this.#push(now, member);
    return true;
  }

  /** Whether a member has asked on and on: it has our credentials, and they are not good enough for it. */
  isUnwanted(by: Address): boolean {
    return (this.#state.members.get(by)?.requestGapMs ?? 0) >= pushOnRequestMs.max;
  }

  /** When {@link handleTimeout} is due. */
  nextTimeoutMs(): number {
    return this.#againAtMs;
  }

  /** Shows them again to those who may have ignored them. */
  handleTimeout(now: Now): void {
    if (now.monoMs < this.#againAtMs) return;
    this.#againAtMs = Infinity;
    for (const member of this.#state.members) {
      if (member.pushAgainAtMs <= now.monoMs) this.#push(now, member);
      this.#againAtMs = Math.min(this.#againAtMs, member.pushAgainAtMs);
    }
  }

  #push(now: Now, member: Member): void {
    if (now.monoMs - member.takenAtMs < receiveGateMs) {
      member.pushAgainAtMs = member.takenAtMs + pushAgainMs;
      this.#againAtMs = Math.min(this.#againAtMs, member.pushAgainAtMs);
    } else {
      member.takenAtMs = now.monoMs;
      member.pushAgainAtMs = Infinity;
    }
    member.pushedAtMs = now.monoMs;
    for (const payload of this.#payloads)
      this.#vl1.send(now, member.address, verbNumbers.NETWORK_CREDENTIALS, payload, compressed);
  }
}

/** The credentials of a configuration as payloads: one, or as many as needed. None without a certificate of membership. */
export function encodeCredentials(config: NetworkConfig): readonly Uint8Array[] {
  const { membership } = config;
  if (membership === null) return [];
  const payloads: Uint8Array[] = [];
  const scratch = new Uint8Array(64 * 1024);
  let fitting: MutableCredentials = { ...nothing(), certificatesOfMembership: [membership] };
  let bytes = encodeInto(scratch, fitting);
  const add = (grow: (credentials: MutableCredentials) => void): void => {
    const grown = copyOf(fitting);
    grow(grown);
    const grownBytes = encodeInto(scratch, grown);
    if (grownBytes.length <= payloadBytesMax) {
      fitting = grown;
      bytes = grownBytes;
      return;
    }
    payloads.push(bytes);
    fitting = nothing();
    grow(fitting);
    bytes = encodeInto(scratch, fitting);
  };
  for (const capability of config.capabilities) add((it) => it.capabilities.push(capability));
  for (const tag of config.tags) add((it) => it.tags.push(tag));
  for (const ownership of config.ownerships)
    add((it) => it.certificatesOfOwnership.push(ownership));
  payloads.push(bytes);
  return payloads;
}

type MutableCredentials = {
  -readonly [Section in keyof NetworkCredentials]: NonNullable<
    NetworkCredentials[Section]
  >[number][];
};

function nothing(): MutableCredentials {
  return {
    certificatesOfMembership: [],
    capabilities: [],
    tags: [],
    revocations: [],
    certificatesOfOwnership: [],
  };
}

function copyOf(credentials: MutableCredentials): MutableCredentials {
  return {
    certificatesOfMembership: [...credentials.certificatesOfMembership],
    capabilities: [...credentials.capabilities],
    tags: [...credentials.tags],
    revocations: [],
    certificatesOfOwnership: [...credentials.certificatesOfOwnership],
  };
}

function encodeInto(scratch: Uint8Array, credentials: NetworkCredentials): Uint8Array {
  const writer = new ByteWriter(scratch);
  networkCredentials.write(writer, credentials);
  return scratch.slice(0, writer.offset);
}
