/** A record of our trace decoder in the words of the independent one: for comparing them field by field. */
import { latin1Text, toHex } from '../../src/base/bytes.ts';
import { formatAddress, formatMac, formatU64 } from '../../src/base/ids.ts';
import { encode } from '../../src/wire/codec.ts';
import { certificateOfMembership } from '../../src/wire/credentials/certificate-of-membership.ts';
import { fragmentHeaderLength } from '../../src/wire/packet/fragment.ts';
import type { TracePacket, TraceRecord } from '../../src/wire/trace/trace-record.ts';
import { errorName } from '../../src/wire/verbs/error.ts';
import { verbName, type Message } from '../../src/wire/verbs/index.ts';

/** What a record of `decoded.jsonl` says, from a record of ours; without its time and endpoints. */
export function capturedFields(record: TraceRecord): Record<string, unknown> {
  if ('bytes' in record) return { raw: toHex(record.bytes), note: 'short' };
  const id = formatU64(record.packetId);
  if (record.kind === 'piece') {
    const { index, count, length } = record;
    if (index === 0) return { head: true, id, len: length };
    return { fragment: index, of: count, id, len: length - fragmentHeaderLength };
  }
  const contents = record.contents!;
  const isHello = contents.verb === 1;
  const payload = isHello ? contents.plain.subarray(28) : contents.payload;
  return {
    id,
    src: formatAddress(record.source),
    dst: formatAddress(record.destination),
    hops: record.hops,
    cipher: record.suite,
    ...(record.isFragmented && { reassembled: true }),
    ...(contents.originalId !== null && {
      originalId: formatU64(contents.originalId),
      macOk: contents.mac === 'good',
    }),
    verb: verbName(contents.verb),
    compressed: contents.isCompressed,
    payload: toHex(payload),
    len: payload.length,
    ...messageFields(contents.message!, record),
  };
}

/** The fields that the independent decoder took from a message, from ours. */
function messageFields(message: Message, record: TracePacket): Record<string, unknown> {
  const { payload, signatures } = record.contents!;
  const mac = (value: Parameters<typeof formatMac>[0]): string =>
    formatMac(value).replaceAll(':', '');
  const adiText = (adi: number): string => adi.toString(16).padStart(8, '0');
  const com = (value: Parameters<typeof certificateOfMembership.describe>[0]): unknown => {
    const bytes = encode(certificateOfMembership, value);
    return {
      q: value.qualifiers.map((each) => [
        Number(each.id),
        formatU64(each.value),
        formatU64(each.maxDelta),
      ]),
      by: formatAddress(value.signedBy),
      len: bytes.length,
      hex: toHex(bytes),
    };
  };
  const chunk = (
    value: Extract<Message, { name: 'NETWORK_CONFIG' }>['value'],
  ): Record<string, unknown> => ({
    nwid: formatU64(value.networkId),
    ...chunkFields(value),
    sigOk: signatures[0]?.verdict === 'good',
  });
  const ethernet = (value: { etherType: number; data: Uint8Array }): Record<string, unknown> => ({
    ethertype: value.etherType.toString(16).padStart(4, '0'),
    frameLen: value.data.length,
  });
  switch (message.name) {
    case 'OK':
    case 'ERROR': {
      const { inReVerb, inRePacketId } = message.value;
      const common = { inRe: verbName(inReVerb), inReId: formatU64(inRePacketId) };
      if (message.name === 'ERROR')
        return {
          ...common,
          error: errorName(message.value.code),
          rest: toHex(payload.subarray(10)),
        };
      const { kind, value } = message.value.body;
      if (kind === 'network-config-request') return { ...common, ...chunk(value) };
      if (kind === 'multicast-gather')
        return {
          ...common,
          nwid: formatU64(value.networkId),
          mac: mac(value.group.mac),
          adi: value.group.adi,
          totalKnown: value.members.totalKnown,
          count: value.members.addresses.length,
          members: value.members.addresses.map(formatAddress).join(''),
        };
      if (kind === 'multicast-frame')
        return {
          ...common,
          nwid: formatU64(value.networkId),
          mac: mac(value.group.mac),
          adi: value.group.adi,
          flags: value.flags,
          rest: toHex(payload.subarray(9 + 19)),
        };
      return common;
    }
    case 'NETWORK_CONFIG':
      return chunk(message.value);
    case 'NETWORK_CONFIG_REQUEST':
      return requestFields(message.value, payload);
    case 'MULTICAST_LIKE':
      return {
        likes: message.value.likes.map(({ networkId, group }) => [
          formatU64(networkId),
          mac(group.mac),
          adiText(group.adi),
        ]),
      };
    case 'MULTICAST_GATHER': {
      const { networkId, flags, group, limit, certificate } = message.value;
      return {
        nwid: formatU64(networkId),
        flags,
        mac: mac(group.mac),
        adi: group.adi,
        limit,
        ...(certificate && { com: com(certificate) }),
      };
    }
    case 'NETWORK_CREDENTIALS': {
      const { certificatesOfMembership: coms, capabilities } = message.value;
      const end = coms.reduce((sum, each) => sum + encode(certificateOfMembership, each).length, 1);
      return {
        coms: coms.map(com),
        caps: capabilities?.length,
        afterComs: toHex(payload.subarray(end)),
      };
    }
    case 'FRAME':
      return { nwid: formatU64(message.value.networkId), ...ethernet(message.value) };
    case 'EXT_FRAME': {
      const { networkId, flags, source, destination } = message.value;
      return {
        nwid: formatU64(networkId),
        flags,
        from: mac(source),
        to: mac(destination),
        ...ethernet(message.value),
      };
    }
    case 'MULTICAST_FRAME': {
      const { networkId, flags, gatherLimit, source, group } = message.value;
      return {
        nwid: formatU64(networkId),
        flags,
        gatherLimit,
        ...(source !== null && { from: mac(source) }),
        to: mac(group.mac),
        adi: adiText(group.adi),
        ...ethernet(message.value),
      };
    }
    default:
      return {};
  }
}

function chunkFields(value: Extract<Message, { name: 'NETWORK_CONFIG' }>['value']): object {
  if (value.kind === 'unsigned') throw new Error('no chunk of the capture is unsigned');
  return {
    chunkLen: value.chunk.length,
    flags: value.flags,
    updateId: formatU64(value.updateId),
    total: value.totalLength,
    index: value.offset,
    sigType: value.signature.type,
    sigLen: value.signature.bytes.length,
    dict: latin1Text(value.chunk),
  };
}

function requestFields(
  { networkId, have }: Extract<Message, { name: 'NETWORK_CONFIG_REQUEST' }>['value'],
  payload: Uint8Array,
): Record<string, unknown> {
  return {
    nwid: formatU64(networkId),
    meta: latin1Text(payload.subarray(10, -16)),
    haveRevision: formatU64(have!.revision),
    haveTimestamp: formatU64(have!.timestamp),
  };
}
