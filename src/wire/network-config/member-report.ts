/**
 * What a member of ours says of the other members of a network: how it reaches each, and when it last heard of it. It stands at the
 * end of NETWORK_CONFIG_REQUEST, where official controllers pass over what they do not know, and goes only to a controller whose
 * configuration says that it wants it. Our own; the official service neither sends it nor reads it.
 *
 *     version (1)   1; of another one nothing is understood
 *     count (1)     at most 64
 *     then for each member: address (5)   kind (1)   latency (2)   heard (2)
 *
 * A latency of 0xffff is unknown, and so is that it was heard. The whole is at most 642 bytes: with the request before it one
 * datagram.
 */
import { toHex } from '../../base/bytes.ts';
import { formatAddress, type Address } from '../../base/ids.ts';
import type { Codec } from '../codec.ts';

/** The version that is written. */
export const memberReportVersion = 1;
/** Members of one report. */
export const reportedMembersMax = 64;
/** The longest time and latency that can be said. */
export const reportedValueMax = 0xfffe;

const kinds = ['direct', 'relayed'] as const;
const unknown = 0xffff;

/** One member, as another one has it. */
export interface ReportedMember {
  readonly address: Address;
  /** Whether packets go to it without a relay. */
  readonly kind: (typeof kinds)[number];
  /** Round trip, ms, at most {@link reportedValueMax}; null: not measured. */
  readonly latencyMs: number | null;
  /** How long ago its node was heard, s, at most {@link reportedValueMax}; null: it was not, or not for longer. */
  readonly heardAgoS: number | null;
}

/** A report. */
export interface MemberReport {
  readonly version: number;
  /** Empty where the version is another one. */
  readonly members: readonly ReportedMember[];
  /** What a newer peer put at the end, or all of it where the version is another one. */
  readonly future: Uint8Array;
}

/** The codec. */
export const memberReport: Codec<MemberReport> = {
  name: 'member report',
  layout: [
    { name: 'version', size: 1, note: '1' },
    { name: 'count', size: 1, note: 'at most 64' },
    { name: 'address', size: '5, each' },
    { name: 'kind', size: '1, each', note: '0 direct, 1 over a relay' },
    { name: 'latency', size: '2, each', note: 'ms; 0xffff: not measured' },
    { name: 'heard', size: '2, each', note: 's ago; 0xffff: not heard' },
    { name: 'future fields', size: 'to the end' },
  ],
  read(reader) {
    const version = reader.u8();
    const members: ReportedMember[] = [];
    if (version === memberReportVersion) {
      const count = reader.u8();
      if (count > reportedMembersMax) reader.fail('too-many');
      while (members.length < count && reader.failure === null) {
        const address = reader.u40() as Address;
        const kind = kinds[reader.u8()];
        if (kind === undefined) reader.fail('bad-value');
        const latencyMs = known(reader.u16());
        members.push({
          address,
          kind: kind ?? 'direct',
          latencyMs,
          heardAgoS: known(reader.u16()),
        });
      }
    }
    return { version, members, future: reader.rest() };
  },
  write(writer, { version, members, future }) {
    writer.u8(version);
    if (version === memberReportVersion) {
      writer.u8(members.length);
      for (const { address, kind, latencyMs, heardAgoS } of members) {
        writer.u40(address);
        writer.u8(kinds.indexOf(kind));
        writer.u16(latencyMs ?? unknown);
        writer.u16(heardAgoS ?? unknown);
      }
    }
    writer.put(future);
  },
  describe: ({ version, members }) =>
    version === memberReportVersion
      ? `${members.length} members: ${members.map(describeMember).join(', ')}`
      : `of version ${version}`,
  toJson: ({ version, members, future }) => ({
    version,
    members: members.map((member) => ({ ...member, address: formatAddress(member.address) })),
    ...(future.length > 0 ? { future: toHex(future) } : {}),
  }),
};

function known(value: number): number | null {
  return value === unknown ? null : value;
}

function describeMember({ address, kind, latencyMs, heardAgoS }: ReportedMember): string {
  const latency = latencyMs === null ? '' : ` in ${latencyMs} ms`;
  const heard = heardAgoS === null ? 'not heard' : `heard ${heardAgoS} s ago`;
  return `${formatAddress(address)} ${kind}${latency}, ${heard}`;
}
