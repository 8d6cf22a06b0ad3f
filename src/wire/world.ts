/**
 * Worlds: signed lists of roots. A planet is the one that a node starts from, a moon one that it was told to orbit.
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0 | 1 | type: 0 null, 1 planet, 127 moon |
 * | 1 | 8 | ID |
 * | 9 | 8 | timestamp, in ms since 1970: the revision |
 * | 17 | 64 | public key that must sign the next revision |
 * | 81 | 96 | signature |
 * | 177 | 1 | number of roots, at most 4 |
 * | 178 | | each root: identity (71), number of endpoints (1, at most 32), endpoints |
 * | | 2 + n | moons only: length of what follows, for the future |
 *
 * Signed is `7f × 8 ‖ bytes 0 to 80 ‖ bytes 177 to the end ‖ f7 × 8`, with the key that the previous revision names.
 * Source: vl1.md 5 and 6.4; `test/vectors/worlds.json`, `captures/planet`.
 */
import { ByteWriter, toHex } from '../base/bytes.ts';
import { assert } from '../base/errors.ts';
import { formatAddress, formatU64 } from '../base/ids.ts';
import type { Secret } from '../base/secret.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { sign, signatureLength, verify } from '../crypto/signature.ts';
import type { Codec, Json, WireReader } from './codec.ts';
import { identity, identityLength, type Identity } from './identity.ts';
import { inetAddress, inetAddressLength, type InetAddress } from './inet-address.ts';

/** A signed list of roots. Bytes in it are borrowed from the buffer that was read. */
export interface World {
  readonly kind: keyof typeof kindNumbers;
  /** 64 bits; of a moon, by convention, its first root's address. */
  readonly id: bigint;
  /** In ms since 1970; the greater of two is the newer. */
  readonly timestamp: bigint;
  /** 64 bytes: whose signature the next revision must bear. */
  readonly updateKey: Uint8Array;
  /** 96 bytes. */
  readonly signature: Uint8Array;
  readonly roots: readonly WorldRoot[];
  /** What a newer program may add to a moon; empty for the others. */
  readonly trailing: Uint8Array;
}

/** A root, and where it listens. */
export interface WorldRoot {
  readonly identity: Identity;
  readonly endpoints: readonly InetAddress[];
}

/** The most roots of a world. */
export const worldRootsMax = 4;
/** The most endpoints of a root. */
export const worldEndpointsMax = 32;

/** The codec; `bad-world` for an unknown type and for too many roots or endpoints. */
export const world: Codec<World> = {
  name: 'world',
  layout: [
    { name: 'type', size: 1, note: '0 null, 1 planet, 127 moon' },
    { name: 'id', size: 8 },
    { name: 'timestamp', size: 8, note: 'ms since 1970' },
    { name: 'updateKey', size: 64, note: 'must sign the next revision' },
    {
      name: 'signature',
      size: signatureLength,
      note: 'by the key that the previous revision names',
    },
    { name: 'rootCount', size: 1, note: 'at most 4' },
    { name: 'roots', size: 'each 72 and its endpoints', note: 'identity, count (≤ 32), endpoints' },
    { name: 'trailing', size: 'moons: u16 and that many', note: 'nothing yet' },
  ],
  read(reader: WireReader): World {
    const number = reader.u8();
    const kind = kinds.find((candidate) => kindNumbers[candidate] === number);
    if (kind === undefined) reader.fail('bad-world');
    return {
      kind: kind ?? 'null',
      id: reader.u64(),
      timestamp: reader.u64(),
      updateKey: reader.take(updateKeyLength),
      signature: reader.take(signatureLength),
      roots: readCounted(reader, worldRootsMax, readRoot),
      trailing: reader.take(kind === 'moon' ? reader.u16() : 0),
    };
  },
  write(writer: ByteWriter, value: World): void {
    writeHead(writer, value);
    writer.put(value.signature);
    writeRest(writer, value);
  },
  describe(value: World): string {
    const roots = value.roots.map((root) => formatAddress(root.identity.address));
    return `${value.kind} ${formatU64(value.id)} revision ${value.timestamp}, roots ${roots.join(' ')}`;
  },
  toJson(value: World): Json {
    return {
      kind: value.kind,
      id: formatU64(value.id),
      timestamp: formatU64(value.timestamp),
      updateKey: toHex(value.updateKey),
      signature: toHex(value.signature),
      roots: value.roots.map((root) => ({
        identity: identity.toJson(root.identity),
        endpoints: root.endpoints.map((endpoint) => inetAddress.toJson(endpoint)),
      })),
      trailing: toHex(value.trailing),
    };
  },
};

/** How many bytes a world takes. */
export function worldLength(value: World): number {
  let length = headLength + signatureLength + 1 + (value.kind === 'moon' ? 2 : 0);
  for (const { endpoints } of value.roots)
    length += endpoints.reduce((sum, ip) => sum + inetAddressLength(ip), identityLength + 1);
  return length + value.trailing.length;
}

/** What the signature of a world covers, new. */
export function signedMessage(value: World): Uint8Array {
  const length = worldLength(value) - signatureLength + 2 * marker;
  const writer = new ByteWriter(new Uint8Array(length));
  for (let i = 0; i < marker; i++) writer.u8(0x7f);
  writeHead(writer, value);
  writeRest(writer, value);
  for (let i = 0; i < marker; i++) writer.u8(0xf7);
  return writer.bytes;
}

/** Signs a world. @param secretKey - 64 bytes, of the key that the previous revision names (of the first: any) */
export function signWorld(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: World,
): World {
  return { ...value, signature: sign(provider, secretKey, signedMessage(value)) };
}

/** Whether the owner of a key signed a world. @param publicKey - 64 bytes: the previous revision's `updateKey` */
export function verifyWorld(
  provider: CryptoProvider,
  publicKey: Uint8Array,
  value: World,
): boolean {
  return verify(provider, publicKey, signedMessage(value), value.signature);
}

/**
 * Whether a world takes the place of another: any does of none, whoever signed it; else a newer one of the same kind and
 * ID that the key named by the current one signed.
 *
 * @param current - null, or of kind `null`: none
 */
export function shouldReplace(
  provider: CryptoProvider,
  current: World | null,
  next: World,
): boolean {
  if (current === null || current.kind === 'null') return true;
  if (next.kind !== current.kind || next.id !== current.id) return false;
  if (next.timestamp <= current.timestamp) return false;
  return verifyWorld(provider, current.updateKey, next);
}

const kindNumbers = { null: 0, planet: 1, moon: 127 } as const;
const kinds = ['null', 'planet', 'moon'] as const;

const updateKeyLength = 64;
/** Everything before the signature. */
const headLength = 17 + updateKeyLength;
/** Bytes before and after what is signed, so that it can be nothing else that somebody signs. */
const marker = 8;

function readRoot(reader: WireReader): WorldRoot {
  return {
    identity: identity.read(reader),
    endpoints: readCounted(reader, worldEndpointsMax, (from) => inetAddress.read(from)),
  };
}

function readCounted<T>(reader: WireReader, max: number, read: (from: WireReader) => T): T[] {
  const count = reader.u8();
  if (count > max) reader.fail('bad-world');
  const items: T[] = [];
  while (items.length < count && reader.failure === null) items.push(read(reader));
  return items;
}

function writeHead(writer: ByteWriter, value: World): void {
  assert(value.updateKey.length === updateKeyLength, 'an update key has 64 bytes');
  writer.u8(kindNumbers[value.kind]);
  writer.u64(value.id);
  writer.u64(value.timestamp);
  writer.put(value.updateKey);
}

function writeRest(writer: ByteWriter, value: World): void {
  assert(value.roots.length <= worldRootsMax, 'a world has at most 4 roots');
  writer.u8(value.roots.length);
  for (const root of value.roots) {
    assert(root.endpoints.length <= worldEndpointsMax, 'a root has at most 32 endpoints');
    identity.write(writer, root.identity);
    writer.u8(root.endpoints.length);
    for (const endpoint of root.endpoints) inetAddress.write(writer, endpoint);
  }
  if (value.kind === 'moon') writer.u16(value.trailing.length);
  writer.put(value.trailing);
}
