/** Puts the configurations together that a trace sees in pieces, for every network whose controller is known. */
import type { Address, NetworkId } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { decode } from '../codec.ts';
import type { DropReason } from '../drop-reason.ts';
import { ChunkAssembly } from '../network-config/chunk-assembly.ts';
import type { ConfigChunk } from '../network-config/config-chunk.ts';
import { networkConfig, type NetworkConfig } from '../network-config/network-config.ts';
import { controllerOf } from '../network-id.ts';
import type { IdentityBook } from './identity-book.ts';

/** Networks of which pieces are kept; the one that began first makes room. */
const networksMax = 16;

/** The machine: one piece after the other. */
export class ConfigurationBook {
  readonly #provider: CryptoProvider;
  readonly #identities: IdentityBook;
  readonly #assemblies = new Map<NetworkId, ChunkAssembly>();

  constructor(provider: CryptoProvider, identities: IdentityBook) {
    this.#provider = provider;
    this.#identities = identities;
  }

  /**
   * Takes a piece.
   *
   * @param chunk - borrowed. @param source - of the packet. @param packetId - of the packet
   * @returns the configuration that is whole with it, or why that is none; null while pieces are missing, and for a
   *   piece that a member would refuse
   */
  accept(chunk: ConfigChunk, source: Address, packetId: bigint): NetworkConfig | DropReason | null {
    const controller = controllerOf(chunk.networkId);
    const controllerPublicKey = this.#identities.identity(controller)?.publicKey;
    if (controllerPublicKey === undefined) {
      const isWhole = chunk.kind === 'unsigned' || chunk.chunk.length === chunk.totalLength;
      return isWhole ? decode(networkConfig, chunk.chunk.slice()) : null;
    }
    const assembly = this.#assembly(chunk.networkId, controllerPublicKey);
    const isFromController = source === controller;
    const progress = assembly.accept(chunk, { isFromController, packetId });
    if (typeof progress === 'string' || progress.kind === 'kept') return null;
    return decode(networkConfig, progress.text);
  }

  #assembly(networkId: NetworkId, controllerPublicKey: Uint8Array): ChunkAssembly {
    const known = this.#assemblies.get(networkId);
    if (known !== undefined) return known;
    if (this.#assemblies.size === networksMax)
      for (const [first] of this.#assemblies) {
        this.#assemblies.delete(first);
        break;
      }
    const options = { provider: this.#provider, networkId, controllerPublicKey };
    const assembly = new ChunkAssembly(options);
    this.#assemblies.set(networkId, assembly);
    return assembly;
  }
}
