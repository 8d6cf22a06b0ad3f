import { describe, expect, it } from 'vitest';

import { capturedFields } from '../../../test/twins/captured-fields.ts';
import { reEncode, type ReEncoded } from '../../../test/twins/re-encode.ts';
import {
  capturedRecords,
  hex,
  loadBytes,
  loadVectors,
  type CapturedRecord,
} from '../../../test/vectors/load.ts';
import { latin1Text, toHex } from '../../base/bytes.ts';
import { formatAddress, type PacketId } from '../../base/ids.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { nodeProvider } from '../../io/crypto/node-provider.ts';
import { CaptureParser } from '../../io/pcap/capture-parser.ts';
import { udpDatagram } from '../../io/pcap/udp-datagram.ts';
import { decode } from '../codec.ts';
import { parseSecretIdentity } from '../identity.ts';
import { formatInetAddress, ipEndpoint, parseInetAddress } from '../inet-address.ts';
import type { Message } from '../verbs/index.ts';
import { world, type World } from '../world.ts';
import { headerLength, writeHeader } from '../packet/header.ts';
import { sealPacket } from '../packet/seal.ts';
import { IdentityBook } from './identity-book.ts';
import { TraceDecoder } from './trace-decoder.ts';
import { passes } from './trace-filter.ts';
import { traceRecordToJson } from './trace-json.ts';
import type { TraceDatagram, TracePacket, TraceRecord } from './trace-record.ts';
import { TraceSummary } from './trace-summary.ts';
import { describeDetails, describeRecord, hexLines } from './trace-text.ts';
import { WorldBook } from './world-book.ts';

const provider = nodeProvider();

function flowDatagrams(): TraceDatagram[] {
  const datagrams: TraceDatagram[] = [];
  for (const frame of new CaptureParser('flow').push(loadBytes('captures/flow.pcap'))) {
    const datagram = udpDatagram(frame);
    if (typeof datagram === 'string') continue;
    const { source, destination, payload } = datagram;
    datagrams.push({
      frame: frame.number,
      timeNs: frame.timeNs,
      from: ipEndpoint(source.address.join('.'), source.port)!,
      to: ipEndpoint(destination.address.join('.'), destination.port)!,
      payload,
    });
  }
  return datagrams;
}

interface Session {
  readonly start_ms: number;
  readonly nodes: Readonly<
    Record<string, { readonly identity_secret: string; readonly initial_planet: string }>
  >;
  readonly packets: readonly {
    readonly seq: number;
    readonly t: number;
    readonly from_addr: string;
    readonly to_addr: string;
    readonly datagram: string;
  }[];
}

function sessionDatagrams(session: Session): TraceDatagram[] {
  return session.packets.map(({ seq, t, from_addr, to_addr, datagram }) => ({
    frame: seq + 1,
    timeNs: BigInt(session.start_ms + t) * 1_000_000n,
    from: parseInetAddress(from_addr)!,
    to: parseInetAddress(to_addr)!,
    payload: hex(datagram),
  }));
}

interface Trace {
  readonly book: IdentityBook;
  readonly records: TraceRecord[];
  readonly packets: TracePacket[];
  readonly decoder: TraceDecoder;
}

/** Decodes as the command does: in two passes. */
function trace(
  datagrams: readonly TraceDatagram[],
  secrets: readonly string[],
  planets: readonly Uint8Array[] = [],
): Trace {
  const identities = new IdentityBook(provider);
  const worlds = new WorldBook(provider);
  for (const text of secrets) identities.addSecret(parseSecretIdentity(text)!);
  for (const planet of planets) worlds.add(decode(world, planet) as World);
  const first = new TraceDecoder({ provider, identities, worlds, learnsOnly: true });
  for (const datagram of datagrams) first.decode(datagram);
  const decoder = new TraceDecoder({ provider, identities, worlds });
  const records = datagrams.flatMap((datagram) => decoder.decode(datagram));
  const packets = records.flatMap((record) => (record.kind === 'packet' ? [record] : []));
  return { book: identities, records, packets, decoder };
}

function secretText(name: string): string {
  return latin1Text(loadBytes(`captures/identities/${name}.identity.secret`)).trim();
}

const flow = flowDatagrams();
const all = trace(flow, ['R', 'A', 'B'].map(secretText), [loadBytes('captures/planet')]);

/** Re-encodes every packet. @returns how often compression was which */
function expectSameBytes({ packets, book }: Trace): Record<ReEncoded['compression'], number> {
  const counts = { none: 0, equal: 0, original: 0 };
  for (const packet of packets) {
    const again = reEncode(packet, book);
    expect(toHex(again.bytes), `frame ${packet.frame}`).toBe(toHex(packet.wire));
    counts[again.compression]++;
  }
  return counts;
}

/** Every packet is open, right, and signed where it can be. @returns the number of good signatures */
function expectComplete({ packets }: Trace): number {
  let signatures = 0;
  for (const { frame, contents, problem } of packets) {
    expect(problem, `frame ${frame}`).toBeNull();
    expect(contents?.mac, `frame ${frame}`).toBe('good');
    for (const { what, verdict } of contents!.signatures) {
      expect(verdict, `${what} in frame ${frame}`).toBe('good');
      signatures++;
    }
  }
  return signatures;
}

describe('the capture of three real nodes', () => {
  it('is decoded to the last packet, with every code and signature right', () => {
    expect(all.packets).toHaveLength(628);
    expect(expectComplete(all)).toBeGreaterThan(100);
    expect(all.records.filter(({ kind }) => kind === 'not-a-packet')).toMatchObject([
      { frame: 100, bytes: hex('63cca36a') },
    ]);
    expect(all.decoder.incompletePackets).toBe(0);
  });

  it('is encoded again byte for byte', () => {
    expect(expectSameBytes(all)).toEqual({ none: 562, equal: 66, original: 0 });
  });

  it('says what an independent decoder says, field by field', () => {
    const records = [...all.records];
    for (const expected of capturedRecords()) {
      const found = records.shift();
      // Our record of a last piece stands before that of its packet; the independent one of a fragment likewise.
      expect(found, `frame ${expected.frame}`).toBeDefined();
      expectSameRecord(found!, expected);
    }
    expect(records).toEqual([]);
  });

  it('is decoded in one pass as far as nodes introduced themselves in time', () => {
    const identities = new IdentityBook(provider);
    identities.addSecret(parseSecretIdentity(secretText('A'))!);
    const decoder = new TraceDecoder({ provider, identities, worlds: new WorldBook(provider) });
    const problems = flow
      .flatMap((datagram) => decoder.decode(datagram))
      .flatMap((record) => (record.kind === 'packet' && record.problem ? [record] : []));
    // A's HELLO to R comes before R's to A: alone it cannot be checked, for want of R's identity.
    expect(problems[0]).toMatchObject({
      frame: 4,
      problem: { kind: 'no-key', gap: 'no-identity' },
      contents: { mac: 'unchecked', verb: 1 },
    });
    const withA = problems.filter(({ source, destination }) =>
      [source, destination].map(formatAddress).includes('45ad10e047'),
    );
    expect(withA.length).toBeLessThan(5);
  });

  it('shows one secret what its owner could read', () => {
    const { packets } = trace(flow, [secretText('B')]);
    for (const { frame, source, destination, contents, problem } of packets) {
      const isOwn = [source, destination].map(formatAddress).includes('bfb8eb1884');
      if (isOwn) expect(problem, `frame ${frame}`).toBeNull();
      else expect(problem, `frame ${frame}`).toEqual({ kind: 'no-key', gap: 'no-secret' });
      for (const { verdict } of contents?.signatures ?? []) expect(verdict).toBe('good');
    }
  });

  it('shows nobody more than the HELLOs, and those without their ends', () => {
    const { packets } = trace(flow, []);
    const open = packets.filter(({ contents }) => contents !== null);
    expect(new Set(open.map(({ contents }) => contents!.verb))).toEqual(new Set([1]));
    expect(open.length).toBe(21);
    for (const { contents, problem } of open) {
      expect(problem).toEqual({ kind: 'no-key', gap: 'no-secret' });
      expect(contents).toMatchObject({ mac: 'unchecked', message: { value: { moons: null } } });
    }
  });

  it('shows what was changed on the way', () => {
    const changed = flow.map((datagram) => {
      const payload = datagram.payload.slice();
      payload[payload.length - 1]! ^= 1;
      return { ...datagram, payload };
    });
    const identities = new IdentityBook(provider);
    const worlds = new WorldBook(provider);
    for (const name of ['R', 'A', 'B'])
      identities.addSecret(parseSecretIdentity(secretText(name))!);
    const decoder = new TraceDecoder({ provider, identities, worlds });
    for (const record of changed.flatMap((datagram) => decoder.decode(datagram))) {
      if (record.kind !== 'packet') continue;
      expect(record.problem).toEqual({ kind: 'drop', reason: 'mac-mismatch' });
      // Clear text is shown nevertheless.
      expect(record.contents?.mac).toBe(record.suite === 0 ? 'bad' : undefined);
    }
  });

  it('gives a record for any datagram', () => {
    const { decoder } = trace([], ['R', 'A', 'B'].map(secretText));
    for (const datagram of flow.slice(0, 60))
      for (let length = 0; length <= datagram.payload.length; length += 3) {
        const cut = { ...datagram, payload: datagram.payload.slice(0, length) };
        for (const record of decoder.decode(cut)) {
          describeRecord(record, 0n);
          describeDetails(record);
          traceRecordToJson(record);
        }
      }
  });
});

describe.each(['session.json', 'session-ratelimited.json'])('the simulated run %s', (file) => {
  const session = loadVectors<Session>(file);
  const datagrams = sessionDatagrams(session);
  const nodes = Object.values(session.nodes);
  const found = trace(
    datagrams,
    nodes.map((node) => node.identity_secret),
    nodes.map((node) => hex(node.initial_planet)),
  );

  it('is decoded to the last packet, and encoded again byte for byte', () => {
    expectComplete(found);
    const junk = found.records.filter(({ kind }) => kind === 'not-a-packet');
    expect(junk.every((record) => 'bytes' in record && record.bytes.length === 4)).toBe(true);
    // A record for every datagram, and one for every packet that came in several.
    const again = found.packets.filter(({ isFragmented }) => isFragmented).length;
    expect(found.records).toHaveLength(datagrams.length + again);
    expect(expectSameBytes(found)).toMatchObject({ original: 0 });
  });

  it('is summed up without a problem', () => {
    const summary = new TraceSummary();
    for (const record of found.records) summary.add(record);
    expect(summary.decoded).toBe(summary.packets);
    expect(summary.byProblem).toEqual([]);
    expect(summary.byVerb.map(([verb]) => verb)).toContain('USER_MESSAGE');
    expect(summary.signatures('bad')).toBe(0);
  });
});

describe('a packet made for a test', () => {
  const { R, A } = loadVectors<Session>('session.json').nodes;
  const endpoint = parseInetAddress('10.9.0.1/9993')!;
  const root = parseSecretIdentity(R!.identity_secret)!;
  const leaf = parseSecretIdentity(A!.identity_secret)!;
  const vectors = loadVectors<{
    readonly dictionaries: Readonly<Record<string, string>>;
    readonly chunks: Readonly<Record<string, { readonly wire: string }>>;
  }>('config-chunks.json');

  function decodeAll(payloads: readonly Uint8Array[]): TracePacket[] {
    const datagrams = payloads.map((payload, index) => ({
      frame: index + 1,
      timeNs: null,
      from: endpoint,
      to: endpoint,
      payload,
    }));
    const identities = new IdentityBook(provider);
    identities.addSecret(leaf);
    identities.learn(root.identity, 'trusted');
    const worlds = new WorldBook(provider);
    const decoder = new TraceDecoder({ provider, identities, worlds });
    return datagrams.flatMap((datagram) => decoder.decode(datagram)) as TracePacket[];
  }

  /** NETWORK_CONFIG with a chunk of the vectors, from the root to the leaf. */
  function push(name: string): Uint8Array {
    const payload = hex(vectors.chunks[name]!.wire);
    const bytes = new Uint8Array(headerLength + payload.length);
    const [source, destination] = [root.identity.address, leaf.identity.address];
    writeHeader(bytes, 0, { packetId: 5n as PacketId, destination, source, verb: 0x0c });
    bytes.set(payload, headerLength);
    const keys = PeerKeys.agree(provider, root.secretKey, leaf.identity.publicKey)!;
    sealPacket(keys, bytes, 0, bytes.length, 3);
    return bytes;
  }

  it('of a trusted path is shown, and that a node drops it', () => {
    const { after } = loadVectors<{ readonly after: string }>('trusted-path.json');
    const [packet] = decodeAll([hex(after)]);
    expect(packet).toMatchObject({
      suite: 2,
      problem: { kind: 'drop', reason: 'unknown-cipher-suite' },
      contents: { mac: 'unchecked', message: { name: 'ECHO' } },
    });
    expect(describeRecord(packet!, 0n)).toMatch(/trusted +ECHO .*\[code not checked; unknown-cip/);
  });

  it('completes a configuration that came in pieces', () => {
    const packets = decodeAll(['A2', 'A0', 'A3', 'A1'].map(push));
    const found = packets.map(({ contents }) => contents!.configuration);
    expect(found.slice(0, 3)).toEqual([null, null, null]);
    expect(found[3]).toMatchObject({ issuedTo: leaf.identity.address });
    expect(describeDetails(packets[3]!).join('\n')).toContain('configuration:');
    const single = decodeAll([push('A_whole')])[0]!.contents!.configuration;
    expect(single).toEqual(found[3]);
  });

  it('with a wrong signature says so in its line', () => {
    const [packet] = decodeAll([push('A1_signed_by_peer')]);
    expect(packet!.problem).toBeNull();
    expect(packet!.contents!.signatures).toEqual([
      { what: 'configuration chunk', signer: root.identity.address, verdict: 'bad' },
    ]);
    expect(describeRecord(packet!, 0n)).toContain(
      '[configuration chunk HAS A WRONG SIGNATURE by 75a7e56dfd]',
    );
  });
});

describe('a record', () => {
  const find = (frame: number): TraceRecord =>
    all.records.findLast((record) => record.frame === frame)!;
  const line = (frame: number): string => describeRecord(find(frame), flow[0]!.timeNs!);

  it('is one line', () => {
    expect([4, 26, 33, 46, 90, 100, 138, 150, 173, 355].map(line).join('\n'))
      .toMatchInlineSnapshot(`
        "    0.000000  45ad10e047 → 283c5bc4bc    clear    HELLO                  45ad10e047 (public key d4a0d429…) 1.14.1 protocol 12 to 10.77.0.1/9993
           15.002377  45ad10e047 → 283c5bc4bc    aes      NETWORK_CONFIG_REQUEST of 283c5bc4bcc3c8a8 by version 1.14.1 linux/x86_64, holding no configuration
           15.003278  283c5bc4bc → 45ad10e047    aes      ERROR                  NETWORK_ACCESS_DENIED re NETWORK_CONFIG_REQUEST 8dc4f56c1b0b7d81 283c5bc4bcc3c8a8
           20.004779  283c5bc4bc → 45ad10e047    aes      OK                     re NETWORK_CONFIG_REQUEST 95db3780a2b1811b configuration of 283c5bc4bcc3c8a8, bytes 0 to 1403 of 1403, update 119e070192a41d4e
           25.899256  bfb8eb1884 → 45ad10e047    salsa20  NETWORK_CREDENTIALS    283c5bc4bcc3c8a8 memberships 1, capabilities 1, tags 2, ownerships 1
           25.899594                                      no packet              4 bytes 63cca36a 10.77.0.3/9995 → 10.77.0.2/9994
           30.442862  45ad10e047 → bfb8eb1884    aes      MULTICAST_FRAME        283c5bc4bcc3c8a8 → ARP for 10.144.0.35 ARP who has 10.144.0.35, asks 10.144.0.67
           30.447172  bfb8eb1884 → 45ad10e047    aes      FRAME                  283c5bc4bcc3c8a8 ARP 10.144.0.35 is at aa:77:7b:57:dc:df
           31.092648  45ad10e047 → bfb8eb1884    aes      FRAME                  283c5bc4bcc3c8a8 IPv4 10.144.0.67 → 10.144.0.35 ICMP echo request
          103.938554  45ad10e047 → bfb8eb1884    aes      EXT_FRAME              283c5bc4bcc3c8a8 aa:8d:6e:ac:24:1c → 02:aa:bb:cc:dd:ee ARP 10.144.0.67 is at aa:8d:6e:ac:24:1c"
      `);
    for (const record of all.records) {
      const text = describeRecord(record, 0n);
      expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      expect(text.length).toBeLessThan(400);
    }
  });

  it('has details for every part of a packet', () => {
    const details = describeDetails(find(71)).join('\n');
    expect(details).toContain('packet ');
    expect(details).toContain('signature: configuration chunk is signed by 283c5bc4bc');
    expect(details).toContain('lab.test');
    const texts = all.records.flatMap((record) => [
      ...describeDetails(record),
      ...hexLines(record),
    ]);
    expect(texts.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  it('is JSON with everything in it', () => {
    const { packetId, source, message, payload, mac, suite } = traceRecordToJson(find(27));
    expect({ packetId, source, message, payload, mac, suite }).toEqual({
      packetId: '30767eed0143b4a0',
      source: '45ad10e047',
      suite: 3,
      mac: 'good',
      payload: '283c5bc4bcc3c8a801005e00000100000000',
      message: {
        verb: 'MULTICAST_LIKE',
        value: {
          likes: [{ networkId: '283c5bc4bcc3c8a8', group: { mac: '01:00:5e:00:00:01', adi: 0 } }],
        },
      },
    });
  });

  it('passes the filters that it should', () => {
    const none = {
      verbs: new Set<number>(),
      addresses: new Set<never>(),
      networks: new Set<never>(),
    };
    const count = (filter: Parameters<typeof passes>[0]): number =>
      all.records.filter((record) => passes(filter, record)).length;
    expect(count(none)).toBe(all.records.length);
    expect(count({ ...none, verbs: new Set([1]) })).toBe(21);
    const { networkId } = (
      all.packets.find(({ frame }) => frame === 150)!.contents!.message as Extract<
        Message,
        { name: 'FRAME' }
      >
    ).value;
    const networked = count({ ...none, networks: new Set([networkId]) });
    expect(networked).toBeGreaterThan(300);
    expect(networked).toBeLessThan(all.packets.length);
    expect(
      count({ ...none, addresses: new Set([all.packets[0]!.source]), verbs: new Set([4]) }),
    ).toBe(
      capturedRecords().filter(
        ({ src, dst, verb }) => verb === 'WHOIS' && [src, dst].includes('45ad10e047'),
      ).length,
    );
  });
});

/** Compares with a record of `decoded.jsonl`; a field of it that is not compared fails. */
function expectSameRecord(record: TraceRecord, expected: CapturedRecord): void {
  const label = `frame ${expected.frame}`;
  const { t, ...fields } = expected;
  expect(Number(record.timeNs) / 1e9, label).toBeCloseTo(t as number, 5);
  // Of frames in packets, `from` and `to` are Ethernet addresses there.
  const own = {
    frame: record.frame,
    from: formatInetAddress(record.from),
    to: formatInetAddress(record.to),
    ...capturedFields(record),
  };
  expect(own, label).toEqual(fields);
}
