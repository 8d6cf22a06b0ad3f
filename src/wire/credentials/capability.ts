/**
 * A capability: rules that a member may be judged by beside those of the network, and who handed it to whom.
 *
 *     network (8)  timestamp (8)  id (4)
 *     rule count (2)  rules           at most 64
 *     max custody (1)                 1–7
 *     custody: to (5)  from (5)  signature block, each; at most max custody
 *     0 (5)  future fields
 *
 * Source: vl2 5.3; `captures` frame 90, `credentials-refused.json`. Every holder signs the same message, which ends with
 * max custody: the first entry is the controller's, every other its predecessor's.
 */
import { toHex, type ByteWriter } from '../../base/bytes.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import type { Secret } from '../../base/secret.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { Codec, WireReader } from '../codec.ts';
import { controllerOf } from '../network-id.ts';
import { ruleBytesMax } from '../rules/rule.ts';
import { capabilityRulesMax, readRules, rules, writeRules, type Rules } from '../rules/rules.ts';
import {
  readSignatureBlock,
  signedMessageOf,
  signMessage,
  verifySignatureBlock,
  writeSignatureBlock,
  type SignatureBlock,
} from './signature-block.ts';

/** One hand-over. */
export interface Custody {
  /** Who has it then; never 0. */
  readonly to: Address;
  /** Who had it, and signs. */
  readonly from: Address;
  readonly signature: SignatureBlock;
}

/** A capability. */
export interface Capability {
  readonly networkId: NetworkId;
  /** When it was issued, by the controller's clock, ms. */
  readonly timestamp: bigint;
  /** 32 bits. */
  readonly id: number;
  /** At most 64. */
  readonly rules: Rules;
  /** How many hand-overs are allowed, 1–7; the controller of 1.14.1 allows 1. */
  readonly maxCustody: number;
  /** From the controller to the holder; at most {@link maxCustody}. */
  readonly custody: readonly Custody[];
  /** What a newer peer put at the end; not signed. */
  readonly future: Uint8Array;
}

/** The longest chain of custody that is ever allowed. */
export const custodyMax = 7;

const bodyLengthMax = 8 + 8 + 4 + 2 + capabilityRulesMax * ruleBytesMax + 1;

/** The codec. */
export const capability: Codec<Capability> = {
  name: 'capability',
  layout: [
    { name: 'network', size: 8 },
    { name: 'timestamp', size: 8, note: 'ms, controller’s clock' },
    { name: 'id', size: 4 },
    { name: 'rule count', size: 2, note: 'at most 64' },
    { name: 'rules', size: 'by rule count' },
    { name: 'max custody', size: 1, note: '1–7' },
    { name: 'custody', size: 'by max custody', note: 'to (5), from (5), signature block each' },
    { name: 'end of custody', size: 5, note: '0' },
    { name: 'future length', size: 2, note: '0' },
    { name: 'future fields', size: 'future length' },
  ],
  read: (reader) => {
    const networkId = reader.u64() as NetworkId;
    const timestamp = reader.u64();
    const id = reader.u32();
    const list = readRules(reader, reader.u16(), capabilityRulesMax);
    const maxCustody = reader.u8();
    if (maxCustody < 1 || maxCustody > custodyMax) reader.fail('bad-credential');
    const custody = readCustody(reader, maxCustody);
    const future = reader.take(reader.u16());
    return { networkId, timestamp, id, rules: list, maxCustody, custody, future };
  },
  write: (writer, value) => {
    writeBody(writer, value);
    for (const { to, from, signature } of value.custody) {
      writer.u40(to);
      writer.u40(from);
      writeSignatureBlock(writer, signature);
    }
    writer.u40(0);
    writer.u16(value.future.length);
    writer.put(value.future);
  },
  describe: (value) =>
    `capability ${value.id} of ${formatAddress(capabilityHolder(value) ?? (0 as Address))} on ` +
    `${formatU64(value.networkId)} at ${value.timestamp}, ${rules.describe(value.rules)}`,
  toJson: (value) => ({
    networkId: formatU64(value.networkId),
    timestamp: formatU64(value.timestamp),
    id: value.id,
    rules: rules.toJson(value.rules),
    maxCustody: value.maxCustody,
    custody: value.custody.map(({ to, from, signature }) => ({
      to: formatAddress(to),
      from: formatAddress(from),
      signatureType: signature.type,
      signature: toHex(signature.bytes),
    })),
    ...(value.future.length > 0 ? { future: toHex(value.future) } : {}),
  }),
};

/** A capability before anybody has it. */
export type UnsignedCapability = Omit<Capability, 'custody' | 'future'>;

/** Whose it is: the last who got it; null for nobody's, which is to be refused. */
export function capabilityHolder(value: Capability): Address | null {
  return value.custody.at(-1)?.to ?? null;
}

/** Whose public keys are needed to verify it. */
export function capabilitySigners(value: Capability): readonly Address[] {
  return [...new Set(value.custody.map(({ from }) => from))];
}

/** What each holder signs, new. */
export function capabilitySignedMessage(value: UnsignedCapability): Uint8Array {
  return signedMessageOf(bodyLengthMax, (writer) => {
    writeBody(writer, value);
  });
}

/** Signs as the controller, for its first holder. @param secretKey - 64 bytes, the controller's */
export function signCapability(
  provider: CryptoProvider,
  secretKey: Secret<Uint8Array>,
  value: UnsignedCapability,
  to: Address,
): Capability {
  const { signature, future } = signMessage(provider, secretKey, capabilitySignedMessage(value));
  const custody = [{ to, from: controllerOf(value.networkId), signature }];
  return { ...value, custody, future };
}

/**
 * Whether its chain of custody goes from the controller to the holder and everybody in it signed.
 *
 * @param publicKeyOf - 64 bytes of any node, null where it is not known: then it does not verify; ask for those of
 *   {@link capabilitySigners} first
 */
export function verifyCapability(
  provider: CryptoProvider,
  publicKeyOf: (address: Address) => Uint8Array | null,
  value: Capability,
): boolean {
  const message = capabilitySignedMessage(value);
  let holder = controllerOf(value.networkId);
  for (const { to, from, signature } of value.custody) {
    const publicKey = from === holder ? publicKeyOf(from) : null;
    if (publicKey === null) return false;
    if (!verifySignatureBlock(provider, publicKey, message, signature)) return false;
    holder = to;
  }
  return value.custody.length > 0;
}

function readCustody(reader: WireReader, maxCustody: number): Custody[] {
  const custody: Custody[] = [];
  while (reader.failure === null) {
    const to = reader.u40() as Address;
    if (to === 0) break;
    if (custody.length === maxCustody) reader.fail('bad-credential');
    const from = reader.u40() as Address;
    custody.push({ to, from, signature: readSignatureBlock(reader) });
  }
  return custody;
}

function writeBody(writer: ByteWriter, value: UnsignedCapability): void {
  writer.u64(value.networkId);
  writer.u64(value.timestamp);
  writer.u32(value.id);
  writer.u16(value.rules.length);
  writeRules(writer, value.rules);
  writer.u8(value.maxCustody);
}
