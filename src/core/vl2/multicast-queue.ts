/**
 * Multicasts that wait for members of their groups to become known: at most 32 a group, 5 seconds each; 1,024 frames and
 * 1 MiB of a network (vl2 4.3). Who has had a frame is remembered with it.
 */
import type { Address, Mac } from '../../base/ids.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import type { FrameView } from './frame-filter.ts';
import { groupKey } from './group-members.ts';

/** Frames of one group that are kept; the oldest makes room. */
export const queuedPerGroupMax = 32;
/** How long a frame is kept, ms. */
export const queuedMs = 5_000;
/** Bytes of all frames of one network that are kept; the oldest make room. */
export const queuedBytesMax: number = 1024 * 1024;
/** Frames of one network that are kept. */
export const queuedMax = 1_024;

/** How a multicast is sent. */
export interface MulticastPlan {
  readonly group: MulticastGroup;
  /** Of a host behind us; null: the frame is ours. */
  readonly source: Mac | null;
  /** How many members a recipient is asked for. */
  readonly gatherLimit: number;
  /** How many get it at most. */
  readonly recipientsMax: number;
}

/** A multicast on its way. */
export interface QueuedMulticast extends MulticastPlan {
  readonly frame: FrameView;
  readonly sentTo: Set<Address>;
}

interface KeptMulticast extends QueuedMulticast {
  readonly key: string;
  readonly expiresAtMs: number;
}

/** The frames of one network, in the order in which they came. */
export class MulticastQueue {
  #frames: KeptMulticast[] = [];
  #bytes = 0;

  /** When the next frame's time is over. */
  nextTimeoutMs(): number {
    return this.#frames[0]?.expiresAtMs ?? Infinity;
  }

  /** How many are kept. */
  get size(): number {
    return this.#frames.length;
  }

  /** A frame that is sent now and not kept. */
  borrow(frame: FrameView, plan: MulticastPlan): QueuedMulticast {
    return { ...plan, frame, sentTo: new Set() };
  }

  /** Keeps a copy of a frame. */
  keep(nowMs: number, frame: FrameView, plan: MulticastPlan): QueuedMulticast {
    this.expire(nowMs);
    const key = groupKey(plan.group);
    const length = frame.end - frame.start;
    const ofGroup = this.#frames.filter((kept) => kept.key === key);
    if (ofGroup.length >= queuedPerGroupMax) this.#remove(ofGroup[0]);
    while (this.#frames.length >= queuedMax) this.#remove(this.#frames[0]);
    while (this.#bytes + length > queuedBytesMax && this.#frames.length > 0)
      this.#remove(this.#frames[0]);
    const bytes = frame.bytes.slice(frame.start, frame.end);
    const kept: KeptMulticast = {
      ...plan,
      key,
      frame: { ...frame, bytes, start: 0, end: length },
      sentTo: new Set(),
      expiresAtMs: nowMs + queuedMs,
    };
    this.#frames.push(kept);
    this.#bytes += length;
    return kept;
  }

  /** What is kept of a group, the oldest first. */
  of(nowMs: number, key: string): readonly QueuedMulticast[] {
    return this.#frames.filter((kept) => kept.key === key && kept.expiresAtMs > nowMs);
  }

  /** Forgets frames whose time is over. */
  expire(nowMs: number): void {
    let over = 0;
    for (const kept of this.#frames) {
      if (kept.expiresAtMs > nowMs) break;
      this.#bytes -= kept.frame.end;
      over++;
    }
    if (over > 0) this.#frames = this.#frames.slice(over);
  }

  #remove(kept: KeptMulticast | undefined): void {
    if (kept === undefined) return;
    this.#frames.splice(this.#frames.indexOf(kept), 1);
    this.#bytes -= kept.frame.end;
  }
}
