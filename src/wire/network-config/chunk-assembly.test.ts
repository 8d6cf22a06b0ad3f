import { describe, expect, it } from 'vitest';

import { hex, loadVectors } from '../../../test/vectors/load.ts';
import { equalBytes, toHex } from '../../base/bytes.ts';
import { formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { decode, isDrop } from '../codec.ts';
import { ChunkAssembly, chunksMax, partialUpdatesMax } from './chunk-assembly.ts';
import {
  configChunk,
  fastPropagateChunkFlag,
  signConfigChunk,
  type SignedConfigChunk,
} from './config-chunk.ts';
import { networkConfig, type NetworkConfig } from './network-config.ts';

interface Step {
  readonly chunk: string;
  readonly from: 'controller' | 'peer';
  readonly returned: string;
  readonly config_held_revision: number;
  readonly config_changed: boolean;
  readonly buffers: readonly { update_id: string; chunks: number; bytes: number }[];
  readonly forwarded_to?: readonly string[];
}

const provider = nodeProvider();
const vectors = loadVectors<{
  readonly network_id: string;
  readonly me: { readonly address: string };
  readonly controller: { readonly public: string; readonly secret: string };
  readonly dictionaries: Readonly<Record<string, string>>;
  readonly chunks: Readonly<Record<string, { readonly wire: string }>>;
  readonly scenarios: readonly { readonly name: string; readonly steps: readonly Step[] }[];
}>('config-chunks.json');
const networkId = BigInt(`0x${vectors.network_id}`) as NetworkId;
const me = Number.parseInt(vectors.me.address, 16) as Address;
const controllerSecret = new Secret(hex(vectors.controller.secret.split(':')[3]!));
const legacyPacketId = 0xaaaa0001n;

function freshAssembly(): ChunkAssembly {
  const controllerPublicKey = hex(vectors.controller.public.split(':')[2]!);
  return new ChunkAssembly({ provider, networkId, controllerPublicKey });
}

/** As much of a node as the scenarios need: what it does with a text that is whole. */
class Receiver {
  readonly assembly = freshAssembly();
  held: NetworkConfig | null = null;
  #heldText = '';

  /** What the step of a scenario says, from our side. */
  step({ chunk: name, from }: Step): Omit<Step, 'chunk' | 'from'> {
    const before = this.#heldText;
    const chunk = decode(configChunk, hex(vectors.chunks[name]!.wire));
    let returned = isDrop(chunk) ? 'exception (malformed packet)' : formatU64(0n);
    let isForwarded = false;
    if (!isDrop(chunk)) {
      const arrival = { isFromController: from === 'controller', packetId: legacyPacketId };
      const progress = this.assembly.accept(chunk, arrival);
      const isFast = chunk.kind === 'signed' && (chunk.flags & fastPropagateChunkFlag) !== 0;
      isForwarded = isFast && !isDrop(progress);
      if (!isDrop(progress) && progress.kind === 'complete' && this.#apply(progress.text))
        returned = formatU64(progress.updateId);
    }
    return {
      returned,
      config_held_revision: Number(this.held?.revision ?? 0n),
      config_changed: this.#heldText !== before,
      buffers: this.assembly.partialUpdates.map((update) => ({
        update_id: formatU64(update.updateId),
        chunks: update.chunks,
        bytes: update.bytes,
      })),
      ...(isForwarded ? { forwarded_to: ['7c02438de9'] } : {}),
    };
  }

  /** @returns whether it is a configuration, applied or not */
  #apply(text: Uint8Array): boolean {
    const config = decode(networkConfig, text);
    if (isDrop(config)) return false;
    if (config.issuedTo === me && config.networkId === networkId) {
      this.held = config;
      this.#heldText = toHex(text);
    }
    return true;
  }
}

describe('the scenarios of config-chunks.json', () => {
  it.each(vectors.scenarios)('$name', ({ steps }) => {
    const receiver = new Receiver();
    for (const step of steps) {
      const { chunk, from, ...expected } = step;
      expect(receiver.step(step), `${chunk} from ${from}`).toEqual(expected);
    }
  });
});

function chunkOf(name: string): SignedConfigChunk {
  return decode(configChunk, hex(vectors.chunks[name]!.wire)) as SignedConfigChunk;
}

describe('why pieces are refused', () => {
  const arrival = { isFromController: false, packetId: legacyPacketId };
  const refusals: readonly (readonly [string, string])[] = [
    ['total_at_limit', 'bad-chunk'],
    ['offset_plus_length_beyond_total', 'bad-chunk'],
    ['offset_huge', 'bad-chunk'],
    ['A1_bad_signature', 'bad-signature'],
    ['A1_bad_data', 'bad-signature'],
    ['A1_bad_digest', 'bad-signature'],
    ['A1_signature_type_2', 'bad-signature'],
    ['A1_signed_by_peer', 'bad-signature'],
    ['B_legacy_unsigned', 'bad-signature'],
  ];

  it.each(refusals)('%s: %s, without a trace', (name, reason) => {
    const assembly = freshAssembly();
    expect(assembly.accept(chunkOf(name), arrival)).toBe(reason);
    expect(assembly.partialUpdates).toHaveLength(0);
  });

  it('is that they are there already', () => {
    const assembly = freshAssembly();
    expect(assembly.accept(chunkOf('A0'), arrival)).toEqual({ kind: 'kept' });
    expect(assembly.accept(chunkOf('A0'), arrival)).toBe('duplicate-fragment');
  });

  it('is that they are of another network', () => {
    const chunk = { ...chunkOf('A0'), networkId: 1n as NetworkId };
    expect(freshAssembly().accept(chunk, arrival)).toBe('bad-chunk');
  });

  it('is that their signature has another length', () => {
    const chunk = { ...chunkOf('A0'), signature: { type: 1, bytes: new Uint8Array(3) } };
    expect(freshAssembly().accept(chunk, arrival)).toBe('bad-signature');
  });

  it('is that an update has no end', () => {
    const assembly = freshAssembly();
    const empty = chunkOf('zero_length');
    const outcomes = Array.from({ length: chunksMax + 1 }, (_, i) => {
      const chunk = { ...empty, totalLength: 1000 + i };
      return assembly.accept(signConfigChunk(provider, controllerSecret, chunk), arrival);
    });
    expect(outcomes.at(-2)).toEqual({ kind: 'kept' });
    expect(outcomes.at(-1)).toBe('too-many');
    expect(assembly.partialUpdates[0]).toMatchObject({ chunks: chunksMax, bytes: 0 });
  });
});

describe('a text that is complete', () => {
  it('is given away as it was signed', () => {
    const assembly = freshAssembly();
    const arrival = { isFromController: true, packetId: 0n };
    const outcomes = ['A2', 'A0', 'A3', 'A1'].map((name) =>
      assembly.accept(chunkOf(name), arrival),
    );
    const last = outcomes.at(-1)!;
    if (isDrop(last) || last.kind !== 'complete') throw new Error('not complete');
    expect(equalBytes(last.text, hex(vectors.dictionaries['A']!))).toBe(true);
    expect(outcomes.slice(0, 3)).toEqual([{ kind: 'kept' }, { kind: 'kept' }, { kind: 'kept' }]);
  });

  it('is taken in the old form from the controller, under the packet’s number', () => {
    const assembly = freshAssembly();
    const chunk = chunkOf('B_legacy_unsigned');
    const outcome = assembly.accept(chunk, { isFromController: true, packetId: legacyPacketId });
    expect(outcome).toEqual({
      kind: 'complete',
      updateId: legacyPacketId,
      text: hex(vectors.dictionaries['B']!),
    });
  });

  it('may be as long as 484,519 bytes, three at a time and no more', () => {
    const assembly = freshAssembly();
    const arrival = { isFromController: true, packetId: 0n };
    const last = chunkOf('total_one_below_limit');
    for (let update = 1n; update <= 10n; update++) {
      const part = { ...last, updateId: update, offset: last.totalLength - last.chunk.length };
      const chunk = signConfigChunk(provider, controllerSecret, part);
      expect(assembly.accept(chunk, arrival)).toEqual({ kind: 'kept' });
      expect(assembly.partialUpdates.length).toBeLessThanOrEqual(partialUpdatesMax);
    }
  });
});
