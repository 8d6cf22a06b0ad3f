/**
 * Takes the credentials that others show, and spreads revocations (vl2 3.6, 5.6).
 *
 * A signature costs a tenth of a millisecond to verify, and anybody may send a packet full of them: so each node's packets
 * are rationed. The official node takes one a second, and with it loses revocations that come together and certificates
 * that follow closely (9 point 12); here four may come at once, and one more each second, and many more from the controller of
 * a joined network, which may shut out hundreds of members with one word. The controller is told what it said: of its
 * revocations, those that are in force (`wire/verbs/ok-network-credentials.ts`).
 */
import { ByteWriter } from '../../base/bytes.ts';
import type { Address, NetworkId } from '../../base/ids.ts';
import { qualifier, qualifierIds } from '../../wire/credentials/certificate-of-membership.ts';
import type { Revocation } from '../../wire/credentials/revocation.ts';
import { decodeMessage } from '../../wire/verbs/index.ts';
import { networkCredentials } from '../../wire/verbs/network-credentials.ts';
import { okNetworkCredentials } from '../../wire/verbs/ok-network-credentials.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';
import type { InboundPacket, Outcome } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import { Ration } from '../ration.ts';
import type { Vl1 } from '../vl1-port.ts';
import type { CredentialStore, CredentialVerdict } from './credential-store.ts';

/** Packets of one node that are taken at once, … */
export const credentialsBurst = 4;
/** … and how long until one more is, ms. */
export const credentialsRefillMs = 1_000;
/** The same for a controller. */
export const controllerBurst = 64;
export const controllerRefillMs = 50;

const revocationBytesMax = 512;

/** Finds the credentials of a joined network. */
export type FindCredentials = (networkId: NetworkId) => CredentialStore | null;

/** Is told of each certificate of membership that is new: when the controller issued it, ms, its clock. */
export type MembershipSeen = (now: Now, networkId: NetworkId, issuedAtMs: bigint) => void;

/** What came of one packet, so far. */
interface Tally {
  accepted: number;
  rejected: number;
  /** Whose identity is missing; null: nobody's. */
  missing: Address | null;
  /** Revocations of the packet's sender that are in force, by network. */
  readonly inForce: Map<NetworkId, number[]>;
}

/** The credentials that come to one node, of all its networks. */
export class CredentialsInbound {
  readonly #vl1: Vl1;
  readonly #find: FindCredentials;
  readonly #seen: MembershipSeen;
  readonly #isController: (address: Address) => boolean;
  readonly #ration = new Ration(credentialsBurst, credentialsRefillMs);
  readonly #controllerRation = new Ration(controllerBurst, controllerRefillMs);

  /** @param isController - whether a node is the controller of a joined network */
  constructor(
    vl1: Vl1,
    find: FindCredentials,
    seen: MembershipSeen = () => undefined,
    isController: (address: Address) => boolean = () => false,
  ) {
    this.#vl1 = vl1;
    this.#find = find;
    this.#seen = seen;
    this.#isController = isController;
  }

  /** NETWORK_CREDENTIALS */
  handle(now: Now, packet: InboundPacket): Outcome {
    const ration = this.#isController(packet.source) ? this.#controllerRation : this.#ration;
    if (!ration.take(now.monoMs, packet.source)) return 'rate-limited';
    const message = decodeMessage(verbNumbers.NETWORK_CREDENTIALS, packet.payload);
    if (typeof message === 'string') return message;
    if (message.name !== 'NETWORK_CREDENTIALS') return 'unknown-verb';
    const credentials = message.value;
    const tally: Tally = { accepted: 0, rejected: 0, missing: null, inForce: new Map() };
    for (const each of credentials.certificatesOfMembership) {
      const networkId = qualifier(each, qualifierIds.networkId)?.value as NetworkId | undefined;
      if (networkId === undefined) {
        tally.rejected++;
        continue;
      }
      const verdict = this.#find(networkId)?.acceptMembership(each);
      this.#count(tally, verdict);
      if (verdict === 'accepted-new')
        this.#seen(now, networkId, qualifier(each, qualifierIds.timestamp)?.value ?? 0n);
    }
    for (const each of credentials.capabilities ?? [])
      this.#count(tally, this.#find(each.networkId)?.acceptCapability(each));
    for (const each of credentials.tags ?? [])
      this.#count(tally, this.#find(each.networkId)?.acceptTag(each));
    for (const each of credentials.revocations ?? []) {
      const store = this.#find(each.networkId);
      const verdict = store?.acceptRevocation(each);
      this.#count(tally, verdict);
      if (store !== null && verdict === 'accepted-new') this.#spread(now, packet, store, each);
      if (typeof verdict === 'string' && verdict !== 'rejected' && each.signedBy === packet.source)
        tally.inForce.set(each.networkId, [...(tally.inForce.get(each.networkId) ?? []), each.id]);
    }
    for (const each of credentials.certificatesOfOwnership ?? [])
      this.#count(tally, this.#find(each.networkId)?.acceptOwnership(each));
    for (const [networkId, revocations] of tally.inForce)
      this.#confirm(now, packet, networkId, revocations);
    return this.#outcome(now, packet, ration, tally);
  }

  #count(tally: Tally, verdict: CredentialVerdict | undefined): void {
    // Of a network that we are not in.
    if (verdict === undefined) return;
    if (typeof verdict === 'object') tally.missing ??= verdict.signer;
    else if (verdict === 'rejected') tally.rejected++;
    else tally.accepted++;
  }

  #outcome(
    now: Now,
    packet: InboundPacket,
    ration: Ration,
    { accepted, rejected, missing }: Tally,
  ): Outcome {
    if (accepted > 0) this.#vl1.retryHeld(packet.source);
    if (missing !== null) {
      // What is held is tried again as a whole, and costs nothing of the ration.
      ration.giveBack(packet.source);
      this.#vl1.askIdentity(now, missing);
      return 'hold';
    }
    if (accepted > 0) return 'trusted';
    return rejected > 0 ? 'bad-credential' : 'ignored';
  }

  #confirm(
    now: Now,
    packet: InboundPacket,
    networkId: NetworkId,
    revocations: readonly number[],
  ): void {
    const writer = new ByteWriter(new Uint8Array(17 + 4 * revocations.length));
    writer.u8(verbNumbers.NETWORK_CREDENTIALS);
    writer.u64(packet.packetId);
    okNetworkCredentials.write(writer, { networkId, revocations });
    this.#vl1.reply(now, packet, verbNumbers.OK, writer.bytes);
  }

  #spread(now: Now, packet: InboundPacket, store: CredentialStore, revocation: Revocation): void {
    const targets = store.propagationTargets(revocation, packet.source);
    if (targets.length === 0) return;
    const writer = new ByteWriter(new Uint8Array(revocationBytesMax + revocation.future.length));
    networkCredentials.write(writer, {
      certificatesOfMembership: [],
      capabilities: [],
      tags: [],
      revocations: [revocation],
      certificatesOfOwnership: [],
    });
    const payload = writer.bytes.subarray(0, writer.offset);
    for (const target of targets)
      this.#vl1.send(now, target, verbNumbers.NETWORK_CREDENTIALS, payload);
  }
}
