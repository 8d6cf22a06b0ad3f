/** A revocation made up for tests of what carries them: whole, and signed by nobody. */
import type { Address, NetworkId } from '../../src/base/ids.ts';
import type { PlannedRevocation } from '../../src/controller/revocation-packet.ts';
import type { Revocation } from '../../src/wire/credentials/revocation.ts';

/** The network of which it is. */
export const revocationNetwork = 0x1234567890000001n as NetworkId;

/** What is planned, as if it were signed. */
export function syntheticRevocation(
  { target, threshold }: PlannedRevocation,
  id: number,
): Revocation {
  return {
    unused1: 0,
    id,
    networkId: revocationNetwork,
    unused2: 0,
    credentialId: 0,
    threshold,
    flags: 1n,
    target,
    signedBy: 0x1234567890 as Address,
    credentialType: 1,
    signature: { type: 1, bytes: new Uint8Array(96) },
    future: new Uint8Array(0),
  };
}

/** So many, of members from address 100 on. */
export function plannedRevocations(count: number): PlannedRevocation[] {
  return Array.from({ length: count }, (_, i) => ({ target: (100 + i) as Address, threshold: 5n }));
}
