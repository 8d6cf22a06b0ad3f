/**
 * The kinds of value that a rule's field is made of: how each is read, written and shown.
 *
 * Source: vl2 7.1; the 64-bit address of TEE, WATCH and REDIRECT is a node's address in its lower 40 bits.
 */
import type { ByteWriter } from '../../base/bytes.ts';
import { formatAddress, formatMac, formatU64, type Address, type Mac } from '../../base/ids.ts';
import { formatIpv4, formatIpv6 } from '../ip-address.ts';
import type { Json, WireReader } from '../codec.ts';

/** What a field of each kind holds. */
export interface FieldValues {
  readonly u8: number;
  readonly u16: number;
  readonly u32: number;
  /** An etherType. */
  readonly hex16: number;
  readonly u64: bigint;
  readonly address: Address;
  /** An address in the lower 40 of 64 bits. */
  readonly address64: Address;
  readonly mac: Mac;
  /** 32 bits. */
  readonly ipv4: number;
  /** 16 bytes. */
  readonly ipv6: Uint8Array;
}

/** The name of a kind. */
export type FieldKind = keyof FieldValues;

/** One kind of value. */
export interface FieldCodec<T> {
  /** Bytes. */
  readonly size: number;
  read(reader: WireReader): T;
  write(writer: ByteWriter, value: T): void;
  show(value: T): string;
  toJson(value: T): Json;
}

/** Every kind. */
export const fieldKinds: { readonly [Kind in FieldKind]: FieldCodec<FieldValues[Kind]> } = {
  u8: integer(1, 'u8'),
  u16: integer(2, 'u16'),
  u32: integer(4, 'u32'),
  hex16: { ...integer(2, 'u16'), show: (value) => `0x${value.toString(16).padStart(4, '0')}` },
  u64: {
    size: 8,
    read: (reader) => reader.u64(),
    write: (writer, value) => {
      writer.u64(value);
    },
    ...shownAs(formatU64),
  },
  address: { ...integer<Address>(5, 'u40'), ...shownAs(formatAddress) },
  address64: {
    size: 8,
    read: (reader) => {
      reader.skip(3);
      return reader.u40() as Address;
    },
    write: (writer, value) => {
      writer.zeros(3);
      writer.u40(value);
    },
    ...shownAs(formatAddress),
  },
  mac: { ...integer<Mac>(6, 'u48'), ...shownAs(formatMac) },
  ipv4: { ...integer(4, 'u32'), ...shownAs(formatIpv4) },
  ipv6: {
    size: 16,
    read: (reader) => reader.take(16),
    write: (writer, value) => {
      writer.put(value);
    },
    ...shownAs(formatIpv6),
  },
};

/** A number of up to 48 bits, read and written by the method of that name. */
function integer<T extends number = number>(
  size: number,
  method: 'u8' | 'u16' | 'u32' | 'u40' | 'u48',
): FieldCodec<T> {
  return {
    size,
    read: (reader) => reader[method]() as T,
    write: (writer, value) => {
      writer[method](value);
    },
    show: String,
    toJson: (value) => value,
  };
}

function shownAs<T>(show: (value: T) => string): Pick<FieldCodec<T>, 'show' | 'toJson'> {
  return { show, toJson: show };
}
