/**
 * What ends a reply. A server of ours answers in frames; of any other the user says it: the first bytes that arrive, a
 * line, a number of bytes, or the end of the connection.
 */
import { decodeReplyTimes, FrameReader, replyPrefixBytes, type ReplyTimes } from './frame.ts';

/** `--reply first|line|bytes:N|close`. */
export type ReplyRule =
  | { readonly kind: 'first' }
  | { readonly kind: 'line' }
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'close' };

/** A longer reply than this is refused: nothing from the network fills our memory. */
export const replyBytesMax: number = 16 * 1024 * 1024;

/** Parses the argument of `--reply`; null if it is none. */
export function parseReplyRule(text: string): ReplyRule | null {
  if (text === 'first' || text === 'line' || text === 'close') return { kind: text };
  const match = /^bytes:([1-9]\d{0,8})$/.exec(text);
  if (match === null) return null;
  const count = Number(match[1]);
  return count <= replyBytesMax ? { kind: 'bytes', count } : null;
}

/** What the bytes mean for the request that is under way. */
export type ReplyProgress =
  | { readonly kind: 'more' }
  | { readonly kind: 'whole'; readonly times: ReplyTimes | null }
  | { readonly kind: 'refused'; readonly text: string }
  | { readonly kind: 'garbled'; readonly reason: string };

/** Follows one connection's replies. One request is under way at a time. */
export interface ReplyReader {
  /** A request with this sequence number is about to leave. */
  expect(sequence: number): void;
  /** @param bytes - borrowed for the call */
  handleData(bytes: Uint8Array): ReplyProgress;
  /** The server closed its side. */
  handleEnd(): ReplyProgress;
  /** Whether the connection is of use after a reply was given up: a late one must not pass for the next. */
  readonly survivesLoss: boolean;
  /** Whether every reply ends the connection. */
  readonly oncePerConnection: boolean;
}

const more: ReplyProgress = { kind: 'more' };
const closed: ReplyProgress = { kind: 'garbled', reason: 'closed' };

/** Replies in frames. Late replies to requests already given up are known by their number and passed over. */
export class FramedReply implements ReplyReader {
  readonly survivesLoss = true;
  readonly oncePerConnection = false;
  readonly #frames = new FrameReader(replyBytesMax + replyPrefixBytes);
  #sequence = -1;

  expect(sequence: number): void {
    this.#sequence = sequence;
  }

  handleData(bytes: Uint8Array): ReplyProgress {
    this.#frames.push(bytes);
    for (;;) {
      const frame = this.#frames.next();
      if (frame === null) return more;
      if (typeof frame === 'string') return { kind: 'garbled', reason: frame };
      if (frame.type === 'refusal') return { kind: 'refused', text: asciiText(frame.body) };
      if (frame.type !== 'reply') return { kind: 'garbled', reason: `unexpected-${frame.type}` };
      if (frame.sequence !== this.#sequence) continue;
      const times = decodeReplyTimes(frame.body);
      return typeof times === 'string'
        ? { kind: 'garbled', reason: times }
        : { kind: 'whole', times };
    }
  }

  handleEnd(): ReplyProgress {
    return closed;
  }
}

/** Replies of a server that knows nothing of us. */
export class PlainReply implements ReplyReader {
  readonly survivesLoss = false;
  readonly oncePerConnection: boolean;
  readonly #rule: ReplyRule;
  #receivedBytes = 0;
  #waiting = false;

  constructor(rule: ReplyRule) {
    this.#rule = rule;
    this.oncePerConnection = rule.kind === 'close';
  }

  expect(_sequence: number): void {
    this.#receivedBytes = 0;
    this.#waiting = true;
  }

  handleData(bytes: Uint8Array): ReplyProgress {
    // A banner before the first request, or more than the rule asked for after a reply, is nobody's answer.
    if (!this.#waiting) return more;
    this.#receivedBytes += bytes.length;
    if (this.#receivedBytes > replyBytesMax) return { kind: 'garbled', reason: 'reply-too-long' };
    return this.#isWhole(bytes) ? this.#whole() : more;
  }

  handleEnd(): ReplyProgress {
    return this.#waiting && this.#rule.kind === 'close' && this.#receivedBytes > 0
      ? this.#whole()
      : closed;
  }

  #isWhole(bytes: Uint8Array): boolean {
    switch (this.#rule.kind) {
      case 'first':
        return bytes.length > 0;
      case 'line':
        return bytes.includes(10);
      case 'bytes':
        return this.#receivedBytes >= this.#rule.count;
      case 'close':
        return false;
    }
  }

  #whole(): ReplyProgress {
    this.#waiting = false;
    return { kind: 'whole', times: null };
  }
}

/** Text of a refusal: ASCII by protocol; whatever else came is marked, to be escaped where it is shown. */
function asciiText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes.subarray(0, 512)) text += byte < 0x80 ? String.fromCharCode(byte) : '?';
  return text;
}
