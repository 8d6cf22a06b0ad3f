/** Writes the payload of a reply into a buffer that is used again. */
import { ByteWriter } from '../../../base/bytes.ts';
import { encodeMessage, type Message } from '../../../wire/verbs/index.ts';
import { payloadBytesMax } from '../../../wire/verbs/verb.ts';

const scratch: ByteWriter = new ByteWriter(new Uint8Array(payloadBytesMax));

/** The payload of a message: a view that holds until the next call. */
export function payloadOf(message: Message): Uint8Array {
  scratch.seek(0);
  encodeMessage(scratch, message);
  return scratch.bytes.subarray(0, scratch.offset);
}
