/**
 * Identities: an address and the two public keys it was derived from, as bytes and as text; with the secret keys, too.
 *
 * | offset | size | field |
 * |---|---|---|
 * | 0 | 5 | address |
 * | 5 | 1 | type: 0 |
 * | 6 | 64 | public key: X25519, then Ed25519 |
 * | 70 | 1 | length of the secret key: 0 in packets, 64 in files |
 * | 71 | 0 or 64 | secret key: X25519 private, then Ed25519 seed |
 *
 * Text: `aaaaaaaaaa:0:<128 digits>`, and with `:<128 digits>` behind it where the secret key is included.
 *
 * Source: vl1.md 1.1 to 1.4. There are two codecs because there are two uses. {@link identity} is the one of packets: it
 * refuses a secret key, which nobody sends and nobody should keep of somebody else. (The reference would read it: a
 * packet with one is the only thing that it takes and we drop.) {@link secretIdentity} is the one of files: it demands it.
 * Neither runs the hash that makes an identity valid: see {@link brokenIdentityRule}.
 */
import { ByteWriter, concatBytes, equalBytes, fromHex, toHex } from '../base/bytes.ts';
import { formatAddress, parseAddress, type Address } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { brokenIdentityRule, isReservedAddress } from '../crypto/address-derivation.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { Codec, LayoutField, WireReader } from './codec.ts';

/** Who a node is. */
export interface Identity {
  readonly address: Address;
  /** 64 bytes: X25519, then Ed25519. */
  readonly publicKey: Uint8Array;
}

/** An identity of our own. */
export interface SecretIdentity {
  readonly identity: Identity;
  /** 64 bytes: X25519 private key, unclamped, then Ed25519 seed. */
  readonly secretKey: Secret<Uint8Array>;
}

/** Bytes of {@link identity}. */
export const identityLength = 71;

/** Bytes of {@link secretIdentity}. */
export const secretIdentityLength = 135;

const addressLength = 5;
const keyLength = 64;
const keyDigits = 2 * keyLength;
const textLengthMax = 383;

const publicLayout: readonly LayoutField[] = [
  { name: 'address', size: 5 },
  { name: 'type', size: 1, note: '0' },
  { name: 'public key', size: keyLength, note: 'X25519, then Ed25519' },
];

/** An identity in a packet. The public key is a view of what was read. */
export const identity: Codec<Identity> = {
  name: 'identity',
  layout: [...publicLayout, { name: 'secret key length', size: 1, note: '0' }],
  read: (reader) => {
    const value = readPublic(reader);
    if (reader.u8() !== 0) reader.fail('bad-identity');
    return value;
  },
  write: (writer, value) => {
    writePublic(writer, value);
    writer.u8(0);
  },
  describe: ({ address, publicKey }) =>
    `${formatAddress(address)} (public key ${toHex(publicKey.subarray(0, 4))}…)`,
  toJson: ({ address, publicKey }) => ({
    address: formatAddress(address),
    publicKey: toHex(publicKey),
  }),
};

/** An identity with its secret key, in a file. Everything is copied; the secret is neither described nor in the JSON. */
export const secretIdentity: Codec<SecretIdentity> = {
  name: 'secret identity',
  layout: [
    ...publicLayout,
    { name: 'secret key length', size: 1, note: '64' },
    { name: 'secret key', size: keyLength, note: 'X25519 private, then Ed25519 seed' },
  ],
  read: (reader) => {
    const { address, publicKey } = readPublic(reader);
    if (reader.u8() !== keyLength) reader.fail('bad-identity');
    const secretKey = new Secret(reader.take(keyLength).slice());
    return { identity: { address, publicKey: publicKey.slice() }, secretKey };
  },
  write: (writer, value) => {
    writePublic(writer, value.identity);
    writer.u8(keyLength);
    writer.put(value.secretKey.reveal());
  },
  describe: (value) => `${identity.describe(value.identity)} with its secret key`,
  toJson: (value) => ({ identity: identity.toJson(value.identity), secretKey: '[redacted]' }),
};

/**
 * Reads text, with or without a secret key, which is not kept. As lax as the reference where that does no harm: empty
 * fields are skipped, and whatever follows the 128 digits of a key (a newline) is ignored. Stricter than it where a key
 * holds anything but digits, which it takes for zeros.
 *
 * @returns null where the text is no identity, or has a reserved address
 */
export function parseIdentity(text: string): Identity | null {
  return parse(text)?.identity ?? null;
}

/** {@link parseIdentity} of a text that has a secret key; null where it has none. */
export function parseSecretIdentity(text: string): SecretIdentity | null {
  const parsed = parse(text);
  const secretKey = parsed?.secretKey ?? null;
  if (parsed === null || secretKey === null) return null;
  return { identity: parsed.identity, secretKey: new Secret(secretKey) };
}

/** The text of an identity, without its secret: 141 characters. */
export function formatIdentity({ address, publicKey }: Identity): string {
  return `${formatAddress(address)}:0:${toHex(publicKey)}`;
}

/** The text with the secret key, 270 characters: for a file, or for somebody who has asked for it. */
export function formatSecretIdentity(value: SecretIdentity): Secret<string> {
  return new Secret(`${formatIdentity(value.identity)}:${toHex(value.secretKey.reveal())}`);
}

/** Whether address and public key are those of the other. */
export function sameIdentity(a: Identity, b: Identity): boolean {
  return a.address === b.address && equalBytes(a.publicKey, b.publicKey);
}

/**
 * Whether the address follows from the public key. Costs tens of milliseconds: not for the packet path, and only after
 * everything that is cheaper (vl1.md 8, point 4). `io/identity` does the same in a thread.
 */
export function isValidIdentity(
  provider: CryptoProvider,
  { address, publicKey }: Identity,
): boolean {
  return brokenIdentityRule(provider, address, publicKey) === null;
}

/** Whether the secret keys of an identity are those of its public ones. */
export function ownsIdentity(provider: CryptoProvider, value: SecretIdentity): boolean {
  const secretKey = value.secretKey.reveal();
  const publicKey = concatBytes(
    provider.x25519PublicKey(secretKey.subarray(0, 32)),
    provider.ed25519PublicKey(secretKey.subarray(32)),
  );
  return equalBytes(publicKey, value.identity.publicKey);
}

/** SHA-384 of address and public key, for people to compare. @returns 48 bytes, new */
export function identityFingerprint(
  provider: CryptoProvider,
  { address, publicKey }: Identity,
): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(addressLength + keyLength));
  writer.u40(address);
  writer.put(publicKey);
  return provider.sha384(writer.bytes);
}

function readPublic(reader: WireReader): Identity {
  const address = reader.u40() as Address;
  if (isReservedAddress(address)) reader.fail('bad-identity');
  if (reader.u8() !== 0) reader.fail('unknown-identity-type');
  return { address, publicKey: reader.take(keyLength) };
}

function writePublic(writer: ByteWriter, { address, publicKey }: Identity): void {
  writer.u40(address);
  writer.u8(0);
  writer.put(publicKey);
}

interface Parsed {
  readonly identity: Identity;
  readonly secretKey: Uint8Array | null;
}

function parse(text: string): Parsed | null {
  if (text.length > textLengthMax) return null;
  const fields = text.split(':').filter((field) => field !== '');
  if (fields.length < 3 || fields.length > 4) return null;
  const [addressText = '', type, publicText = '', secretText] = fields;
  const address = parseAddress(addressText);
  if (address === null || isReservedAddress(address) || type !== '0') return null;
  const publicKey = parseKey(publicText);
  const secretKey = secretText === undefined ? null : parseKey(secretText);
  if (publicKey === null || (secretText !== undefined && secretKey === null)) return null;
  return { identity: { address, publicKey }, secretKey };
}

function parseKey(field: string): Uint8Array | null {
  return field.length < keyDigits ? null : fromHex(field.slice(0, keyDigits));
}
