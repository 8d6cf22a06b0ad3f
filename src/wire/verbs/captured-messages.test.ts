/** Every message that was captured, against what an independent decoder found in it. HELLOs: see sealed-messages.test.ts. */
import { describe, expect, it } from 'vitest';

import { capturedRecords, hex, type CapturedRecord } from '../../../test/vectors/load.ts';
import { ByteWriter, concatBytes, latin1Text, toHex } from '../../base/bytes.ts';
import { formatAddress, formatMac, formatU64, type Mac } from '../../base/ids.ts';
import { encode, isDrop } from '../codec.ts';
import { certificateOfMembership } from '../credentials/certificate-of-membership.ts';
import type { ConfigChunk } from '../network-config/config-chunk.ts';
import { packetLengthMax } from '../packet/header.ts';
import { errorName } from './error.ts';
import {
  decodeMessage,
  describeMessage,
  encodeMessage,
  messageToJson,
  verbName,
  verbNumbers,
  type Message,
} from './index.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A capture's fields that are not about the message: the rest must be accounted for, so that none is forgotten. */
const envelope = new Set(
  (
    'frame t from to id src dst hops cipher verb compressed payload len originalId macOk reassembled ' +
    // Verdicts on signatures, which no codec gives.
    'sigOk'
  ).split(' '),
);

describe('captured messages', () => {
  const messages = capturedRecords().filter(
    ({ verb, payload }) => verb !== undefined && verb !== 'HELLO' && payload !== undefined,
  );

  it('are decoded, every one, and have the fields that were found in them', () => {
    expect(messages.length).toBeGreaterThan(500);
    for (const record of messages) {
      const given = Object.fromEntries(
        Object.entries(record).filter(([name, value]) => !envelope.has(name) || isMac(value)),
      );
      expect(fieldsOf(messageIn(record)), `frame ${record.frame}`).toEqual(given);
    }
  });

  it('are written back byte for byte', () => {
    for (const record of messages)
      expect(toHex(written(messageIn(record))), `frame ${record.frame}`).toBe(record.payload);
  });

  it('have nothing after the fields that are known', () => {
    for (const record of messages) expect(messageIn(record).trailing).toHaveLength(0);
  });

  it('are printed on one line, and as JSON', () => {
    for (const record of messages) {
      const message = messageIn(record);
      expect(describeMessage(message)).toMatch(new RegExp(`^${record.verb!}( [ -~…→]*)?$`));
      expect(JSON.parse(JSON.stringify(messageToJson(message)))).toEqual(messageToJson(message));
    }
  });
});

/** Of frames the other decoder gives the MACs for the endpoints of the datagram. */
function isMac(value: unknown): boolean {
  return typeof value === 'string' && /^[0-9a-f]{12}$/.test(value);
}

function messageIn(record: CapturedRecord): Message {
  const verb = verbNumbers[record.verb as keyof typeof verbNumbers];
  const message = decodeMessage(verb, hex(record.payload!));
  if (isDrop(message)) throw new Error(`frame ${record.frame}: ${message}`);
  return message;
}

function written(message: Message): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(packetLengthMax));
  encodeMessage(writer, message);
  return writer.bytes.slice(0, writer.offset);
}

/** Our value in the words of the other decoder. */
function fieldsOf(message: Message): Fields {
  switch (message.name) {
    case 'FRAME':
    case 'EXT_FRAME': {
      const { networkId, etherType, data } = message.value;
      return {
        nwid: formatU64(networkId),
        ethertype: etherType.toString(16).padStart(4, '0'),
        frameLen: data.length,
        ...(message.name === 'EXT_FRAME' && {
          from: hexMac(message.value.source),
          to: hexMac(message.value.destination),
          flags: message.value.flags,
        }),
      };
    }
    case 'MULTICAST_FRAME': {
      const { networkId, flags, gatherLimit, source, group, etherType, data } = message.value;
      return {
        ...(source !== null && { from: hexMac(source) }),
        to: hexMac(group.mac),
        nwid: formatU64(networkId),
        flags,
        gatherLimit: gatherLimit ?? 0,
        adi: group.adi.toString(16).padStart(8, '0'),
        ethertype: etherType.toString(16).padStart(4, '0'),
        frameLen: data.length,
      };
    }
    case 'MULTICAST_LIKE':
      return {
        likes: message.value.likes.map(({ networkId, group }) => [
          formatU64(networkId),
          hexMac(group.mac),
          group.adi.toString(16).padStart(8, '0'),
        ]),
      };
    case 'MULTICAST_GATHER': {
      const { networkId, flags, group, limit, certificate } = message.value;
      return {
        nwid: formatU64(networkId),
        flags,
        mac: hexMac(group.mac),
        adi: group.adi,
        limit,
        ...(certificate && { com: certificateFields(certificate) }),
      };
    }
    case 'NETWORK_CREDENTIALS': {
      const { certificatesOfMembership, capabilities } = message.value;
      const { length } = concatBytes(
        ...certificatesOfMembership.map((each) => encode(certificateOfMembership, each)),
      );
      return {
        coms: certificatesOfMembership.map(certificateFields),
        caps: capabilities?.length,
        afterComs: toHex(written(message).subarray(length + 1)),
      };
    }
    case 'NETWORK_CONFIG_REQUEST': {
      const { networkId, have } = message.value;
      const payload = written(message);
      return {
        nwid: formatU64(networkId),
        // The text between the length and the sixteen bytes at the end.
        meta: latin1Text(payload.subarray(10, payload.length - 16)),
        haveRevision: have && formatU64(have.revision),
        haveTimestamp: have && formatU64(have.timestamp),
      };
    }
    case 'NETWORK_CONFIG':
      return chunkFields(message.value);
    case 'ERROR': {
      const { inReVerb, inRePacketId, code, body } = message.value;
      return {
        inRe: verbName(inReVerb),
        inReId: formatU64(inRePacketId),
        error: errorName(code),
        rest: body.kind === 'network' ? formatU64(body.networkId) : undefined,
      };
    }
    case 'OK': {
      const { inReVerb, inRePacketId, body } = message.value;
      const head = { inRe: verbName(inReVerb), inReId: formatU64(inRePacketId) };
      if (body.kind === 'network-config-request') return { ...head, ...chunkFields(body.value) };
      if (body.kind === 'multicast-gather') {
        const { networkId, group, members } = body.value;
        return {
          ...head,
          nwid: formatU64(networkId),
          mac: hexMac(group.mac),
          adi: group.adi,
          totalKnown: members.totalKnown,
          count: members.addresses.length,
          members: members.addresses.map(formatAddress).join(''),
        };
      }
      if (body.kind === 'multicast-frame') {
        const { networkId, group, flags } = body.value;
        return {
          ...head,
          nwid: formatU64(networkId),
          mac: hexMac(group.mac),
          adi: group.adi,
          flags,
          rest: toHex(written(message).subarray(9 + 8 + 6 + 4 + 1)),
        };
      }
      return head;
    }
    default:
      return {};
  }
}

function hexMac(mac: Mac): string {
  return formatMac(mac).replaceAll(':', '');
}

function certificateFields(
  certificate: Parameters<typeof certificateOfMembership.write>[1],
): Fields {
  const bytes = encode(certificateOfMembership, certificate);
  return {
    q: certificate.qualifiers.map(({ id, value, maxDelta }) => [
      Number(id),
      formatU64(value),
      formatU64(maxDelta),
    ]),
    by: formatAddress(certificate.signedBy),
    len: bytes.length,
    hex: toHex(bytes),
  };
}

function chunkFields(chunk: ConfigChunk): Fields {
  if (chunk.kind !== 'signed') return {};
  return {
    nwid: formatU64(chunk.networkId),
    chunkLen: chunk.chunk.length,
    flags: chunk.flags,
    updateId: formatU64(chunk.updateId),
    total: chunk.totalLength,
    index: chunk.offset,
    sigType: chunk.signature.type,
    sigLen: chunk.signature.bytes.length,
    dict: latin1Text(chunk.chunk),
  };
}
