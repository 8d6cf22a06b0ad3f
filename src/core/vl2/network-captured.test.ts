/** A node in the place of B of the capture: with its identity, and the packets that B got (vl2.md appendix A). */
import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { at, inbound, read, TwinVl1 } from '../../../test/twins/vl1.ts';
import { capturedRecords, hex, loadBytes } from '../../../test/vectors/load.ts';
import { ByteWriter } from '../../base/bytes.ts';
import { formatMac, parseMac, type NetworkId } from '../../base/ids.ts';
import { u40At } from '../../wire/big-endian.ts';
import { parseIdentity, parseSecretIdentity, type Identity } from '../../wire/identity.ts';
import { formatIpv4 } from '../../wire/ip-address.ts';
import { verbNumbers, type VerbNumber } from '../../wire/verbs/verb.ts';
import type { Outcome } from '../packet-handler.ts';
import type { TapState } from '../ports.ts';
import { FrameQueue } from '../queues.ts';
import { Networks } from './networks.ts';

const networkId = 0x283c5bc4bcc3c8a8n as NetworkId;
const text = (name: string): string =>
  readFileSync(new URL(`../../../test/vectors/captures/${name}`, import.meta.url), 'latin1');
const identityOf = (name: string): Identity =>
  parseIdentity(text(`identities/${name}.identity.public`))!;
const records = capturedRecords();
const [root, a] = [identityOf('R'), identityOf('A')];

/** The packet of a frame of the capture; the last record of a frame is the whole packet. */
function captured(frame: number): { from: Identity; verb: VerbNumber; payload: Uint8Array } {
  const record = records.findLast((each) => each.frame === frame && each.payload !== undefined)!;
  const from = [root, a].find(({ address }) => address === u40At(hex(record.src), 0))!;
  const verb = verbNumbers[record.verb as keyof typeof verbNumbers];
  return { from, verb, payload: hex(record.payload!) };
}

interface Bench {
  readonly vl1: TwinVl1;
  readonly networks: Networks;
  readonly frames: FrameQueue;
  readonly receive: (nowMs: number, frame: number) => Outcome;
}

/** B, which has joined. */
function bench(): Bench {
  const vl1 = new TwinVl1(parseSecretIdentity(text('identities/B.identity.secret'))!);
  for (const known of [root, a]) vl1.known.set(known.address, known);
  vl1.roots = [root.address];
  const frames = new FrameQueue(64 * 1024, 64);
  const networks = new Networks({ vl1, frames });
  networks.join(at(0), networkId);
  return {
    vl1,
    networks,
    frames,
    receive: (nowMs, frame) => {
      const { from, verb, payload } = captured(frame);
      return networks.handlePacket(at(nowMs), inbound(from, verb, payload));
    },
  };
}

/** `inet 10.144.0.35/24`, as the real B's device had them. */
function realAddresses(name: string): string[] {
  const device = text(name)
    .split(/^\d+: /m)
    .find((part) => part.startsWith('zt'))!;
  return [...device.matchAll(/inet6? (\S+)/g)]
    .map(([, address]) => address!)
    .filter((address) => !address.startsWith('fe80'))
    .sort();
}

describe('a node in the place of B', () => {
  it('asks in the words of the real one', () => {
    const { vl1 } = bench();
    const [request] = vl1.takeSent();
    const real = records.find(
      ({ src, verb }) => src === 'bfb8eb1884' && verb === 'NETWORK_CONFIG_REQUEST',
    )!;
    const ours = Buffer.from(request!.payload).toString('latin1');
    const theirs = Buffer.from(hex(real.payload!)).toString('latin1');
    // It says what it runs on; we are not told. We say whose make we are.
    expect(ours.slice(10)).toBe(theirs.slice(10).replace('\no=linux/x86_64', '\novs=1'));
    expect(request).toMatchObject({ to: root.address, isCompressed: true });
  });

  it('has the status, addresses, routes and device of the real one after its first answer', () => {
    const { vl1, networks, receive } = bench();
    expect(receive(10, 71)).toBe('accepted');
    const view = networks.views(at(20))[0]!;
    expect(view).toMatchObject({ status: 'ok', name: 'lab', mtu: 2800, revision: 2n });
    const tap = vl1.takeEvents().find((event) => event.kind === 'tap')!.state as TapState;
    expect(tap.addresses.map(({ ip, bits }) => `${ip}/${bits}`).sort()).toEqual(
      realAddresses('home/B.ip-addr.txt'),
    );
    expect(formatMac(tap.mac)).toBe('aa:77:7b:57:dc:df');
    expect(text('home/B.ip-addr.txt')).toContain(`${tap.deviceName}: `);
    expect(text('home/B.ip-addr.txt')).toContain(`mtu ${tap.mtu}`);
    expect(tap.routes).toEqual([
      { target: { ip: '10.144.0.0', bits: 24 }, via: null, metric: 0 },
      { target: { ip: '172.31.0.0', bits: 16 }, via: '10.144.0.10', metric: 0 },
    ]);
    expect(tap).toMatchObject({ dnsDomain: 'lab.test', dnsServers: ['10.144.0.1'] });
  });

  it('keeps the exact text of the configuration', () => {
    const { vl1, receive } = bench();
    receive(10, 71);
    const saved = vl1.takeEvents().find((event) => event.kind === 'persist');
    expect(saved).toEqual({
      kind: 'persist',
      name: 'networks.d/283c5bc4bcc3c8a8.conf',
      bytes: loadBytes('captures/network-config-B.dict'),
    });
  });

  it('takes the push that follows, and acknowledges it as the real one did', () => {
    const { vl1, receive } = bench();
    receive(10, 71);
    vl1.takeSent();
    expect(receive(11, 72)).toBe('accepted');
    const [acknowledgement] = vl1.takeSent();
    const real = records.find(
      ({ frame, src, verb }) => frame > 72 && src === 'bfb8eb1884' && verb === 'OK',
    )!;
    // In-re ECHO, network, update; the packet's own ID is not in the record of the payload.
    expect(acknowledgement!.isReply).toBe(true);
    expect(Buffer.from(acknowledgement!.payload).toString('hex').slice(18)).toBe(
      real.payload!.slice(18),
    );
    expect(acknowledgement!.payload[0]).toBe(verbNumbers.ECHO);
  });

  it('takes them in the other order too, and repeated ones once', () => {
    const { vl1, networks, receive } = bench();
    expect(receive(10, 72)).toBe('accepted');
    expect(receive(11, 71)).toBe('accepted');
    vl1.takeEvents();
    expect(receive(12, 71)).toBe('duplicate-fragment');
    expect(receive(12, 72)).toBe('duplicate-fragment');
    expect(vl1.takeEvents()).toEqual([]);
    expect(networks.views(at(20))[0]!.status).toBe('ok');
  });

  it('cannot judge what is signed by a controller whose identity is missing: asks for it, and holds', () => {
    const { vl1, networks, receive } = bench();
    vl1.known.delete(root.address);
    expect(receive(10, 71)).toBe('hold');
    expect(vl1.asked).toEqual([root.address]);
    vl1.known.set(root.address, root);
    expect(receive(60, 71)).toBe('accepted');
    expect(networks.views(at(70))[0]!.status).toBe('ok');
  });

  it('tells at once which groups it is in: those of its addresses, and broadcast', () => {
    const { vl1, receive } = bench();
    vl1.takeSent();
    receive(10, 71);
    const likes = vl1.takeSent().filter(({ verb }) => verb === verbNumbers.MULTICAST_LIKE);
    expect(likes.map(({ to }) => to)).toEqual([root.address]);
    const message = read(likes[0]!);
    expect(message.name === 'MULTICAST_LIKE' && message.value.likes).toEqual(
      [
        { mac: parseMac('33:33:ff:eb:18:84'), adi: 0 },
        { mac: parseMac('33:33:ff:00:00:01'), adi: 0 },
        { mac: parseMac('ff:ff:ff:ff:ff:ff'), adi: 0x0a900023 },
        { mac: parseMac('ff:ff:ff:ff:ff:ff'), adi: 0 },
      ].map((group) => ({ networkId, group })),
    );
  });

  it('takes the credentials that A pushed, and then its frames', () => {
    const { vl1, networks, frames, receive } = bench();
    receive(10, 71);
    vl1.takeSent();
    const isFromA = ({ src, dst }: { src: string; dst: string }): boolean =>
      src === '45ad10e047' && dst === 'bfb8eb1884';
    const first = (verb: string): number =>
      records.find((each) => isFromA(each) && each.verb === verb && each.payload !== undefined)!
        .frame;
    const arp = records.find(
      (each) => isFromA(each) && each.verb === 'MULTICAST_FRAME' && each.payload !== undefined,
    )!;
    expect(receive(20, arp.frame)).toBe('hold');
    const [error] = vl1.takeSent();
    expect(read(error!)).toMatchObject({
      name: 'ERROR',
      value: { inReVerb: verbNumbers.MULTICAST_FRAME, code: 6, body: { networkId } },
    });
    expect(receive(30, first('NETWORK_CREDENTIALS'))).toBe('trusted');
    expect(vl1.retried).toEqual([a.address]);
    expect(receive(40, arp.frame)).toBe('trusted');
    expect(frames.count).toBe(1);
    const frame = frames.bytes.subarray(frames.starts[0], frames.ends[0]);
    expect(Buffer.from(frame.subarray(0, 14)).toString('hex')).toBe(
      'ffffffffffff' + 'aa8d6eac241c' + '0806',
    );
    expect(formatIpv4(new DataView(frame.buffer, frame.byteOffset).getUint32(14 + 24))).toBe(
      '10.144.0.35',
    );
    expect(networks.views(at(50))[0]!.membersKnown).toBe(1);
  });

  it('tells an official controller nothing of A, whom it hears', () => {
    const { vl1, networks, receive } = bench();
    const first = (wanted: string): number =>
      records.find(
        ({ src, dst, verb, payload }) =>
          `${src} ${dst} ${verb}` === `45ad10e047 bfb8eb1884 ${wanted}` && payload !== undefined,
      )!.frame;
    receive(10, 71);
    vl1.heardAtMs.set(a.address, 30);
    expect(receive(30, first('NETWORK_CREDENTIALS'))).toBe('trusted');
    expect(receive(40, first('MULTICAST_FRAME'))).toBe('trusted');
    expect(networks.views(at(50))[0]!.membersKnown).toBe(1);
    vl1.takeSent();
    networks.handleTimeout(at(60_100));
    const asked = vl1.takeSent().map(read);
    const futures = asked.flatMap((message) =>
      message.name === 'NETWORK_CONFIG_REQUEST' ? [message.value.future.length] : [],
    );
    expect(futures).toEqual([0]);
  });

  it('asks for a member in the words of the real one', () => {
    const { vl1, networks, receive } = bench();
    receive(10, 71);
    receive(11, 72);
    vl1.takeSent();
    const real = captured(138).payload;
    const arp = real.subarray(real.length - 28);
    const frame = new ByteWriter(new Uint8Array(42));
    frame.u48(parseMac('ff:ff:ff:ff:ff:ff')!);
    frame.u48(parseMac('aa:77:7b:57:dc:df')!);
    frame.u16(0x0806);
    frame.put(arp);
    const batch = new FrameQueue(64, 1);
    batch.bytes.set(frame.bytes, batch.reserve(42));
    batch.commit(42, networkId);
    networks.handleFrames(at(1_000), batch);
    const [gather, ...others] = vl1.takeSent();
    expect(others).toEqual([]);
    expect(read(gather!)).toMatchObject({
      name: 'MULTICAST_GATHER',
      value: { networkId, flags: 1, group: { adi: 0x0a900023 }, limit: 33 },
    });
    const realGather = records.find(({ frame: at84 }) => at84 === 84)!.payload!;
    // Frame 84: the same certificate, that of the last configuration (72).
    expect(Buffer.from(gather!.payload).toString('hex').slice(-544)).toBe(realGather.slice(-544));
    expect(gather!.payload.length).toBe(realGather.length / 2);
  });
});
