/** The registry, and OK, which leads to many codecs. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { describeCodec } from '../../../test/conformance/codec.ts';
import * as values from '../../../test/fuzz/values.ts';
import { capturedPayloads, hex } from '../../../test/vectors/load.ts';
import { ByteWriter, concatBytes, toHex } from '../../base/bytes.ts';
import { decode, encode, isDrop, type Codec, type Decoded } from '../codec.ts';
import {
  decodeMessage,
  describeMessage,
  encodeMessage,
  messageOf,
  messageToJson,
  verbCodec,
  verbName,
  verbNumbers,
  verbs,
  type Message,
} from './index.ts';
import { networkConfigRequest } from './network-config-request.ts';
import { networkConfig } from './network-config.ts';
import { ok, okBodies, type Ok } from './ok.ts';
import { payloadBytesMax } from './verb.ts';

const captured = capturedPayloads('OK').sort((a, b) => a.bytes.length - b.bytes.length);
const networkId = 0x283c5bc4bcc3c8a8n as never;

/** The shortest captured payload of each form of OK. */
const okSamples = okBodies.flatMap(({ inReVerb }) => {
  const sample = captured.find(({ bytes }) => bytes[0] === inReVerb);
  return sample && sample.bytes.length < 200 ? [sample] : [];
});

describeCodec<Ok>(ok, {
  samples: [
    ...okSamples,
    { name: 'made by hand: EXT_FRAME', bytes: hex('070011223344556677283c5bc4bcc3c8a8') },
    { name: 'made by hand: a verb without a form', bytes: hex('1f0011223344556677abcd') },
  ],
  arbitrary: fc.oneof(
    fc.record({
      inReVerb: fc.constant(0x04),
      inRePacketId: values.packetId,
      body: fc.record({
        kind: fc.constant('whois' as const),
        value: fc.record({ identities: fc.array(values.identity, { minLength: 1, maxLength: 3 }) }),
      }),
    }),
    fc.record({
      inReVerb: fc.constant(0x08),
      inRePacketId: values.packetId,
      body: fc.record({
        kind: fc.constant('echo' as const),
        value: fc.record({ data: values.bytes(20) }),
      }),
    }),
    fc.record({
      inReVerb: fc.integer({ min: 0x10, max: 0xff }),
      inRePacketId: values.packetId,
      body: fc.record({
        kind: fc.constant('other' as const),
        value: fc.record({ data: values.bytes(20) }),
      }),
    }),
  ),
  runs: 100,
});

describe('OK', () => {
  it('has a form for each verb that is answered', () => {
    expect(okBodies.map(({ inReVerb }) => verbName(inReVerb))).toEqual([
      'HELLO',
      'WHOIS',
      'EXT_FRAME',
      'ECHO',
      'NETWORK_CONFIG_REQUEST',
      'NETWORK_CREDENTIALS',
      'MULTICAST_GATHER',
      'MULTICAST_FRAME',
    ]);
    expect(okSamples.length).toBeGreaterThanOrEqual(5);
  });
});

describe.each([networkConfig, networkConfigRequest] as Codec<object>[])('$name', (codec) => {
  it('is read from every capture and written back', () => {
    const samples = capturedPayloads(codec.name);
    expect(samples.length).toBeGreaterThan(5);
    for (const { name, bytes } of samples) {
      const value = decode(codec, bytes);
      expect(isDrop(value), name).toBe(false);
      expect(toHex(encode(codec, value as object))).toBe(toHex(bytes));
    }
  });
});

describe('the registry of verbs', () => {
  it('has every assigned verb once, under its number and name', () => {
    expect(verbs.map(({ name, verb }) => [name, verb])).toEqual(Object.entries(verbNumbers));
    for (const codec of verbs) expect(verbCodec(codec.verb)).toBe(codec);
  });

  it('has nothing under the others', () => {
    for (const verb of [0x0f, 0x11, 0x17, 0x1f, 0x20, 0xff]) {
      expect(verbCodec(verb)).toBeUndefined();
      expect(decodeMessage(verb, new Uint8Array(20))).toBe('unknown-verb');
      expect(verbName(verb)).toBe(`verb 0x${verb.toString(16).padStart(2, '0')}`);
    }
  });
});

describe('a message', () => {
  const like = messageOf('MULTICAST_LIKE', {
    likes: [{ networkId, group: { mac: 0x01005e000001 as never, adi: 0 } }],
  });
  const bytes = hex('283c5bc4bcc3c8a801005e00000100000000');

  it('is written from what it carries', () => {
    expect(written(like)).toEqual(bytes);
    expect(messageIn(decodeMessage(like.verb, bytes))).toEqual(like);
  });

  it('keeps what a newer peer put after the known fields, and says how much', () => {
    const longer = concatBytes(bytes, hex('beef'));
    const message = messageIn(decodeMessage(like.verb, longer));
    expect(message).toEqual({ ...like, trailing: hex('beef') });
    expect(written(message)).toEqual(longer);
    expect(describeMessage(message)).toBe(`${describeMessage(like)} +2 bytes`);
    expect(messageToJson(message)).toEqual({ ...messageToJson(like), trailing: 'beef' });
  });

  it('keeps it with every verb whose fields end by themselves', () => {
    const short: readonly (readonly [verb: number, payload: string])[] = [
      [verbNumbers.NOP, ''],
      [verbNumbers.WHOIS, '45ad10e047'],
      [verbNumbers.RENDEZVOUS, '00bfb8eb1884270b040a4d0003'],
      [verbNumbers.OK, '070011223344556677283c5bc4bcc3c8a8'],
      [verbNumbers.ERROR, '0b0011223344556677 07283c5bc4bcc3c8a8'],
      [verbNumbers.PATH_NEGOTIATION_REQUEST, '0001'],
      [verbNumbers.PUSH_DIRECT_PATHS, '0000'],
      [verbNumbers.QOS_MEASUREMENT, '00112233445566778899'],
    ];
    for (const [verb, text] of short) {
      const payload = hex(`${text.replace(' ', '')}ff`);
      const message = messageIn(decodeMessage(verb, payload));
      expect(message.trailing, message.name).toEqual(hex('ff'));
      expect(written(message)).toEqual(payload);
    }
  });

  it('is no longer than a packet', () => {
    expect(isDrop(decodeMessage(verbNumbers.ECHO, new Uint8Array(payloadBytesMax)))).toBe(false);
    expect(decodeMessage(verbNumbers.ECHO, new Uint8Array(payloadBytesMax + 1))).toBe(
      'not-a-packet',
    );
    expect(payloadBytesMax).toBe(9996);
  });

  it('is described by its verb alone where there is nothing to say', () => {
    expect(describeMessage(messageOf('NOP', {}))).toBe('NOP');
  });
});

function messageIn(decoded: Decoded<Message>): Message {
  if (isDrop(decoded)) throw new Error(decoded);
  return decoded;
}

function written(message: Message): Uint8Array {
  const writer = new ByteWriter(new Uint8Array(payloadBytesMax));
  encodeMessage(writer, message);
  return writer.bytes.slice(0, writer.offset);
}
