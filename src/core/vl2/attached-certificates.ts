/**
 * Certificates of membership that come within other packets: always in MULTICAST_GATHER, formerly in frames (vl2 3.2, 3.4,
 * 3.5). What one says counts like what is pushed. Who is admitted anyway needs none, and who is not is rationed: each one
 * costs us a signature to verify.
 */
import type { CertificateOfMembership } from '../../wire/credentials/certificate-of-membership.ts';
import type { InboundPacket } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import { Ration } from '../ration.ts';
import type { NetworkState } from './network-state.ts';

/** Certificates of one node that are looked at, at once … */
export const attachedBurst = 8;
/** … and how long until one more is, ms. */
export const attachedRefillMs = 250;

/** The certificates within the packets of one kind. */
export class AttachedCertificates {
  readonly #ration = new Ration(attachedBurst, attachedRefillMs);

  /** @param certificate - borrowed */
  take(
    now: Now,
    { peer, source }: InboundPacket,
    state: NetworkState,
    certificate: CertificateOfMembership,
  ): void {
    if (state.admitsIdentity(peer.identity) || !this.#ration.take(now.monoMs, source)) return;
    state.credentials.acceptMembership(certificate);
  }
}
