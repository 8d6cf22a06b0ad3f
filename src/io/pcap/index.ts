/** Captures: files and standard input in, frames and the UDP datagrams in them out. */
import { createReadStream } from 'node:fs';

import { errorCode, errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import type { CapturedFrame } from './capture-format.ts';
import { CaptureParser } from './capture-parser.ts';
import { pcapError } from './errors.ts';

export type { CapturedFrame } from './capture-format.ts';
export {
  frameSkips,
  udpDatagram,
  type FrameSkip,
  type UdpDatagram,
  type UdpEndpoint,
} from './udp-datagram.ts';

const pieceBytes = 1 << 18;

/**
 * The frames of a capture, read piece by piece: memory does not grow with the file.
 *
 * @param path - of a pcap or pcapng file; `-` is standard input
 * @param signal - stops reading; frames then end without an error
 * @throws PCAP_MISSING, PCAP_UNREADABLE, PCAP_FORMAT_UNKNOWN, PCAP_LINK_TYPE_UNKNOWN, PCAP_DAMAGED, PCAP_TRUNCATED
 */
export async function* readCapture(
  path: string,
  signal: AbortSignal,
): AsyncGenerator<CapturedFrame, void, undefined> {
  if (isAborted(signal)) return;
  const isInput = path === '-';
  const parser = new CaptureParser(isInput ? 'standard input' : path);
  const stream = isInput ? process.stdin : createReadStream(path, { highWaterMark: pieceBytes });
  const stop = (): void => {
    stream.destroy();
  };
  signal.addEventListener('abort', stop);
  try {
    for await (const piece of stream as AsyncIterable<Buffer>)
      yield* parser.push(new Uint8Array(piece.buffer, piece.byteOffset, piece.length));
    if (!isAborted(signal)) parser.end();
  } catch (error) {
    if (isAborted(signal)) return;
    throw explained(error, path);
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

/** A function, because the compiler would not believe that it changes while a generator waits. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** What a person can mend of the errors of reading a file; others as they are. */
function explained(error: unknown, path: string): unknown {
  const name = escapeText(path, 4096);
  const code = errorCode(error);
  if (code === 'ENOENT')
    return pcapError('PCAP_MISSING', `there is no ${name}`, {
      remedy: `make a capture: tcpdump -i any -w ${name} udp port 9993`,
      cause: error,
    });
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR')
    return pcapError('PCAP_UNREADABLE', `${name} cannot be read: ${errorMessage(error)}`, {
      remedy: 'name a capture file that this user may read; sudo chmod a+r FILE',
      cause: error,
    });
  return error;
}
