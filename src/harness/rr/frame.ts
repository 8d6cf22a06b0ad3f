/**
 * Frames of the request/response protocol, `overspan-rr/1` in ALPN: what our client and our server say to each other.
 *
 * ```
 *  0       1       2       4            8            12            16
 *  | magic | type  | zero  | body bytes | sequence   | reply bytes | body …
 *    0x4f    1 … 5           u32          u32          u32           (big-endian throughout)
 *
 *  hello    client → server, first frame. Body: ignored, room for newer clients.
 *  welcome  its answer.  Body: instance ID (16) · server's monotonic ns (8) · server's wall clock ms (8) · longest body (4)
 *  request  Body: payload. `reply bytes` says how long an answer the client wants; the server's responder may ignore it.
 *  reply    Same sequence. Body: received ns (8) · replied ns (8) · previous send ns (8) · payload
 *  refusal  Body: a code, a space, a sentence, in ASCII. The server closes after it.
 * ```
 *
 * `received` is when the server held the whole request, `replied` when it handed the answer to the socket, both on its
 * monotonic clock; `previous send` is how long the send call of the connection's previous reply took until the kernel
 * had its bytes, which cannot be known before that reply is gone (all ones: unknown). Fields after those listed are
 * ignored, so that newer peers may say more.
 */

export const frameMagic = 0x4f;
export const headerBytes = 16;
export const welcomeBytes = 36;
export const replyPrefixBytes = 24;

/** ALPN names: measuring, and getting a certificate for an invitation. */
export const alpnRequestResponse = 'overspan-rr/1';
export const alpnEnrolment = 'overspan-enrol/1';

export const frameTypes = { hello: 1, welcome: 2, request: 3, reply: 4, refusal: 5 } as const;
export type FrameType = keyof typeof frameTypes;

const typeNames: readonly (FrameType | undefined)[] = [
  undefined,
  'hello',
  'welcome',
  'request',
  'reply',
  'refusal',
];

/** Why bytes are no frame. The stream cannot be resynchronised: the connection ends. */
export type FrameDrop = 'bad-magic' | 'unknown-type' | 'body-too-long' | 'body-too-short';

/** A frame as received; `body` is borrowed and valid until the reader's next call. */
export interface Frame {
  readonly type: FrameType;
  readonly sequence: number;
  readonly replyBytes: number;
  readonly body: Uint8Array;
}

/** The server's greeting. */
export interface Welcome {
  /** 32 hex digits, drawn when the server started: two paths lead to the same server if these agree. */
  readonly instanceId: string;
  readonly serverNs: bigint;
  readonly serverWallMs: number;
  readonly bodyBytesMax: number;
}

/** The server's own times in a reply. */
export interface ReplyTimes {
  /** From holding the whole request to handing the answer to the socket, ns. */
  readonly processingNs: number;
  /** How long the previous reply of this connection took to be taken by the kernel, ns; null if unknown. */
  readonly previousSendNs: number | null;
}

const unknownU64 = 0xffff_ffff_ffff_ffffn;

/** Writes a header at the start of `into`. @param into - at least 16 bytes */
function putHeader(
  into: Uint8Array,
  type: FrameType,
  bodyBytes: number,
  sequence: number,
  replyBytes: number,
): DataView {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  view.setUint8(0, frameMagic);
  view.setUint8(1, frameTypes[type]);
  view.setUint16(2, 0);
  view.setUint32(4, bodyBytes);
  view.setUint32(8, sequence);
  view.setUint32(12, replyBytes);
  return view;
}

/** A frame without fields of its own: hello, request, refusal. @returns a new array */
export function encodeFrame(
  type: 'hello' | 'request' | 'refusal',
  sequence: number,
  replyBytes: number,
  body: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(headerBytes + body.length);
  putHeader(frame, type, body.length, sequence, replyBytes);
  frame.set(body, headerBytes);
  return frame;
}

/** Renumbers a request in place, so that a client sends the same array again. */
export function setSequence(frame: Uint8Array, sequence: number): void {
  frame[8] = sequence >>> 24;
  frame[9] = sequence >>> 16;
  frame[10] = sequence >>> 8;
  frame[11] = sequence;
}

/** A welcome. @param welcome - `instanceId` of 32 hex digits */
export function encodeWelcome(welcome: Welcome): Uint8Array {
  const frame = new Uint8Array(headerBytes + welcomeBytes);
  const view = putHeader(frame, 'welcome', welcomeBytes, 0, 0);
  for (let i = 0; i < 16; i++)
    frame[headerBytes + i] = Number.parseInt(welcome.instanceId.slice(2 * i, 2 * i + 2), 16);
  view.setBigUint64(headerBytes + 16, welcome.serverNs);
  view.setBigUint64(headerBytes + 24, BigInt(welcome.serverWallMs));
  view.setUint32(headerBytes + 32, welcome.bodyBytesMax);
  return frame;
}

/** The body of a welcome, or why it is none. */
export function decodeWelcome(body: Uint8Array): Welcome | FrameDrop {
  if (body.length < welcomeBytes) return 'body-too-short';
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let instanceId = '';
  for (const byte of body.subarray(0, 16)) instanceId += byte.toString(16).padStart(2, '0');
  return {
    instanceId,
    serverNs: view.getBigUint64(16),
    serverWallMs: Number(view.getBigUint64(24)),
    bodyBytesMax: view.getUint32(32),
  };
}

/**
 * A reply.
 *
 * @param receivedNs - monotonic ns of the server when it held the request
 * @param repliedNs - the same clock, now
 * @param previousSendNs - null if unknown
 * @param payload - borrowed, copied
 */
export function encodeReply(
  sequence: number,
  receivedNs: number,
  repliedNs: number,
  previousSendNs: number | null,
  payload: Uint8Array,
): Uint8Array {
  const frame = new Uint8Array(headerBytes + replyPrefixBytes + payload.length);
  const view = putHeader(frame, 'reply', replyPrefixBytes + payload.length, sequence, 0);
  putU64(view, headerBytes, receivedNs);
  putU64(view, headerBytes + 8, repliedNs);
  if (previousSendNs === null) view.setBigUint64(headerBytes + 16, unknownU64);
  else putU64(view, headerBytes + 16, previousSendNs);
  frame.set(payload, headerBytes + replyPrefixBytes);
  return frame;
}

/** The times in a reply's body, or why it has none. */
export function decodeReplyTimes(body: Uint8Array): ReplyTimes | FrameDrop {
  if (body.length < replyPrefixBytes) return 'body-too-short';
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const previous =
    view.getUint32(16) === 0xffff_ffff && view.getUint32(20) === 0xffff_ffff
      ? null
      : getU64(view, 16);
  // A server whose clock went backwards is a bug of its own; never let it become a negative sample.
  return {
    processingNs: Math.max(0, getU64(view, 8) - getU64(view, 0)),
    previousSendNs: previous,
  };
}

/** 64-bit fields by halves: no bigint on the path of every reply. Exact below 2⁵³. */
function putU64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, Math.floor(value / 0x1_0000_0000));
  view.setUint32(offset + 4, value % 0x1_0000_0000);
}

function getU64(view: DataView, offset: number): number {
  return view.getUint32(offset) * 0x1_0000_0000 + view.getUint32(offset + 4);
}

/**
 * Cuts a stream of bytes into frames. Call {@link push} with what arrived, then {@link next} until it gives null.
 * After a drop reason it stays broken and gives the same reason again. Holds at most one frame of the allowed length
 * and what came behind it in the same chunk.
 */
export class FrameReader {
  readonly #bodyBytesMax: number;
  /** Bytes from `#start` to `#end` are not read yet. Borrowed from the last chunk until a frame stays unfinished. */
  #bytes: Uint8Array = new Uint8Array(0);
  #start = 0;
  #end = 0;
  #owned = false;
  #broken: FrameDrop | null = null;

  /** @param bodyBytesMax - a longer body is refused before any of it is stored */
  constructor(bodyBytesMax: number) {
    this.#bodyBytesMax = bodyBytesMax;
  }

  /** @param chunk - borrowed until {@link next} has given null */
  push(chunk: Uint8Array): void {
    if (this.#broken !== null) return;
    if (this.#start === this.#end) {
      this.#bytes = chunk;
      this.#start = 0;
      this.#end = chunk.length;
      this.#owned = false;
      return;
    }
    this.#reserve(chunk.length);
    this.#bytes.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The next frame, null if it is not whole yet, or why the stream is no longer one of frames. */
  next(): Frame | FrameDrop | null {
    if (this.#broken !== null) return this.#broken;
    const bytes = this.#bytes.subarray(this.#start, this.#end);
    if (bytes.length > 0 && bytes[0] !== frameMagic) return this.#break('bad-magic');
    if (bytes.length < headerBytes) return this.#keep();
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const type = typeNames[view.getUint8(1)];
    if (type === undefined) return this.#break('unknown-type');
    const bodyBytes = view.getUint32(4);
    if (bodyBytes > this.#bodyBytesMax) return this.#break('body-too-long');
    const frameBytes = headerBytes + bodyBytes;
    if (bytes.length < frameBytes) return this.#keep();
    this.#start += frameBytes;
    return {
      type,
      sequence: view.getUint32(8),
      replyBytes: view.getUint32(12),
      body: bytes.subarray(headerBytes, frameBytes),
    };
  }

  /** An unfinished frame outlives the chunk that it is borrowed from. */
  #keep(): null {
    if (!this.#owned && this.#start < this.#end) this.#reserve(0);
    return null;
  }

  /** Makes what is unread our own, with room for `moreBytes`; doubling, so that a long frame is copied O(1) times. */
  #reserve(moreBytes: number): void {
    const unread = this.#end - this.#start;
    if (this.#owned && this.#bytes.length - this.#end >= moreBytes) return;
    const larger = new Uint8Array(Math.max(2 * unread, unread + moreBytes));
    larger.set(this.#bytes.subarray(this.#start, this.#end));
    this.#bytes = larger;
    this.#start = 0;
    this.#end = unread;
    this.#owned = true;
  }

  #break(reason: FrameDrop): FrameDrop {
    this.#broken = reason;
    this.#bytes = new Uint8Array(0);
    this.#start = 0;
    this.#end = 0;
    return reason;
  }
}
