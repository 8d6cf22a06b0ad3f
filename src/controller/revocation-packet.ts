/** Revocations as they go out: planned, signed, in a packet of NETWORK_CREDENTIALS; and the confirmation of one. */
import { ByteWriter } from '../base/bytes.ts';
import type { Address } from '../base/ids.ts';
import type { Revocation } from '../wire/credentials/revocation.ts';
import { encodeMessage, messageOf } from '../wire/verbs/index.ts';
import { payloadBytesMax } from '../wire/verbs/verb.ts';

/** Who is shut out, and up to when. */
export interface PlannedRevocation {
  readonly target: Address;
  /** ms, as in packets. */
  readonly threshold: bigint;
}

/** Signs one of a network. */
export type SignRevocation = (planned: PlannedRevocation) => Revocation;

/** A payload of NETWORK_CREDENTIALS to be sent. */
export interface OutgoingCredentials {
  readonly to: Address;
  readonly payload: Uint8Array;
}

/** As 1.14.1 sends one: no other credentials, every section there. */
export function revocationPayload(revocations: readonly Revocation[]): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(payloadBytesMax));
  encodeMessage(
    writer,
    messageOf('NETWORK_CREDENTIALS', {
      certificatesOfMembership: [],
      capabilities: [],
      tags: [],
      revocations,
      certificatesOfOwnership: [],
    }),
  );
  return writer.bytes.subarray(0, writer.offset);
}
