/**
 * What a node that is no controller answers to who takes it for one: that it is none, rather than nothing, so that the
 * network shows as not found (vl2 3.7). Every official node is a controller, and says that there is no such network.
 */
import { ByteReader, ByteWriter } from '../base/bytes.ts';
import type { NetworkId } from '../base/ids.ts';
import type { WireReader } from '../wire/codec.ts';
import { controllerOf } from '../wire/network-id.ts';
import { errorCodes } from '../wire/verbs/error.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import type { ControllerLayer, InboundPacket, Outcome } from './packet-handler.ts';
import type { Now } from './ports.ts';
import type { Vl1 } from './vl1-port.ts';

const errorLength = 1 + 8 + 1 + 8;

/** See the head of this file. */
export class NoController implements ControllerLayer {
  readonly #vl1: Vl1;

  constructor(vl1: Vl1) {
    this.#vl1 = vl1;
  }

  /** Refuses NETWORK_CONFIG_REQUEST. */
  handlePacket(now: Now, packet: InboundPacket): Outcome {
    if (packet.verb !== verbNumbers.NETWORK_CONFIG_REQUEST) return 'ignored';
    const reader: WireReader = new ByteReader(packet.payload);
    const networkId = reader.u64() as NetworkId;
    if (reader.failure !== null) return reader.failure;
    if (controllerOf(networkId) !== this.#vl1.self.identity.address) return 'no-handler';
    const writer = new ByteWriter(new Uint8Array(errorLength));
    writer.u8(packet.verb);
    writer.u64(packet.packetId);
    writer.u8(errorCodes.UNSUPPORTED_OPERATION);
    writer.u64(networkId);
    this.#vl1.reply(now, packet, verbNumbers.ERROR, writer.bytes);
    return 'accepted';
  }
}
