/** Frames between members: what is sent for which frame of a tap, and what of it reaches another tap (vl2 3.1–3.5, 4). */
import { describe, expect, it } from 'vitest';

import { Mesh, type MeshNode } from '../../../test/twins/mesh.ts';
import { at, read, type SentPacket } from '../../../test/twins/vl1.ts';
import { ByteWriter, toHex } from '../../base/bytes.ts';
import type { Mac, NetworkId } from '../../base/ids.ts';
import type { NetworkSettings } from '../../controller/network-record.ts';
import { arp } from '../../wire/ethernet/arp.ts';
import { broadcastMac, macOf } from '../../wire/mac.ts';
import type { Rule } from '../../wire/rules/rule.ts';
import type { Message } from '../../wire/verbs/index.ts';
import { verbNumbers } from '../../wire/verbs/verb.ts';

interface Lab {
  readonly mesh: Mesh;
  readonly root: MeshNode;
  readonly nodes: readonly [MeshNode, MeshNode, MeshNode];
  readonly id: NetworkId;
}

const rule = (kind: string, values: object = {}): Rule =>
  ({ kind, not: false, or: false, ...values }) as Rule;

/** A root that controls a network, and three members of it who have announced their groups. */
function lab(changes: Partial<NetworkSettings> = {}): Lab {
  const mesh = new Mesh();
  const root = mesh.add(0, { root: true, controller: true });
  const settings: Partial<NetworkSettings> = {
    assignsIpv4: true,
    pools: [{ first: '10.1.0.2', last: '10.1.0.200' }],
    routes: [{ target: '10.1.0.0/24', via: null }],
    ...changes,
  };
  const { networkId: id } = root.controller!.createNetwork(at(0), settings);
  const nodes = [mesh.add(1), mesh.add(2), mesh.add(3)] as const;
  for (const node of nodes) {
    root.mutate(() => root.controller!.authorize(at(0), id, node.address));
    node.join(id);
  }
  mesh.run(500);
  return { mesh, root, nodes, id };
}

/** An Ethernet frame. */
function frame(to: Mac, from: Mac, etherType: number, data: Uint8Array | string): Uint8Array {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  const writer = new ByteWriter(new Uint8Array(14 + bytes.length));
  writer.u48(to);
  writer.u48(from);
  writer.u16(etherType);
  writer.put(bytes);
  return writer.bytes;
}

/** What a node sends for one frame of its host: everything but what VL2 says to itself. */
function sentFor(it: Lab, node: MeshNode, bytes: Uint8Array): { to: string; message: Message }[] {
  const before = it.mesh.log.length;
  node.output(it.id, bytes);
  return it.mesh.log
    .slice(before)
    .map(({ to, packet }) => ({ to: to.name, message: read(packet) }));
}

const names = (sent: readonly { to: string; message: Message }[]): string[] =>
  sent.map(({ to, message }) => `${message.name} to ${to}`);
const mac = (it: Lab, node: MeshNode): Mac => macOf(node.address, it.id);
const heard = (node: MeshNode): string[] => node.heard.map((bytes) => toHex(bytes));
const local = 0x0800;
const host = 0x02aa_bbcc_ddee as Mac;
const otherHost = 0x02aa_bbcc_ddef as Mac;
const packetsOf = (it: Lab, verb: number): SentPacket[] =>
  it.mesh.log.map(({ packet }) => packet).filter((packet) => packet.verb === verb);

describe('a frame to a member', () => {
  it('goes as FRAME to the owner of the address, with credentials before it, and comes out whole', () => {
    const it_ = lab();
    const [a, b] = it_.nodes;
    const bytes = frame(mac(it_, b), mac(it_, a), local, 'hello');
    expect(names(sentFor(it_, a, bytes))).toEqual([
      `NETWORK_CREDENTIALS to ${b.name}`,
      `FRAME to ${b.name}`,
    ]);
    it_.mesh.run(50);
    expect(heard(b)).toEqual([toHex(bytes)]);
    expect(names(sentFor(it_, a, bytes))).toEqual([`FRAME to ${b.name}`]);
  });

  it('goes up to the MTU, and not above', () => {
    const it_ = lab();
    const [a, b] = it_.nodes;
    const ofLength = (length: number): Uint8Array =>
      frame(mac(it_, b), mac(it_, a), local, new Uint8Array(length));
    expect(names(sentFor(it_, a, ofLength(2800)))).toContain(`FRAME to ${b.name}`);
    expect(sentFor(it_, a, ofLength(2801))).toEqual([]);
    expect(sentFor(it_, a, new Uint8Array(13))).toEqual([]);
    expect(a.networks.fates.get('bad-length')).toBe(2);
  });

  it('comes back to its own host where it is for that', () => {
    const it_ = lab();
    const [a] = it_.nodes;
    const bytes = frame(mac(it_, a), mac(it_, a), local, 'me');
    expect(sentFor(it_, a, bytes)).toEqual([]);
    expect(heard(a)).toEqual([toHex(bytes)]);
  });

  it('is not sent for a host behind us that is none of ours, or to a bridge that is not there', () => {
    const it_ = lab();
    const [a, b] = it_.nodes;
    expect(sentFor(it_, a, frame(mac(it_, b), host, local, 'x'))).toEqual([]);
    expect(sentFor(it_, a, frame(host, mac(it_, a), local, 'x'))).toEqual([]);
    expect([a.networks.fates.get('not-bridge'), a.networks.fates.get('nowhere')]).toEqual([1, 1]);
  });

  it('is not taken in the name of another member', () => {
    const it_ = lab();
    const [a, b, c] = it_.nodes;
    sentFor(it_, a, frame(mac(it_, b), mac(it_, a), local, 'hello'));
    it_.mesh.run(50);
    const forged = new ByteWriter(new Uint8Array(23 + 1));
    forged.u64(it_.id);
    forged.u8(0);
    forged.u48(mac(it_, b));
    forged.u48(mac(it_, c));
    forged.u16(local);
    a.mutate((now) => {
      a.vl1.send(now, b.address, verbNumbers.EXT_FRAME, forged.bytes);
    });
    it_.mesh.run(50);
    expect(b.outcomes.at(-1)).toMatchObject({ verb: 'EXT_FRAME', outcome: 'filtered' });
    expect(b.heard).toHaveLength(1);
  });
});

describe('a broadcast', () => {
  it('reaches everybody, once, without that anybody waits for a minute', () => {
    const it_ = lab();
    const [a, b, c] = it_.nodes;
    const bytes = frame(broadcastMac, mac(it_, a), local, 'to all');
    expect(names(sentFor(it_, a, bytes))).toEqual([`MULTICAST_GATHER to ${it_.root.name}`]);
    it_.mesh.run(100);
    expect([heard(a), heard(b), heard(c)]).toEqual([[], [toHex(bytes)], [toHex(bytes)]]);
  });

  it('is not sent where the network has none, but for ARP', () => {
    const it_ = lab({ hasBroadcast: false });
    const [a, b] = it_.nodes;
    expect(sentFor(it_, a, frame(broadcastMac, mac(it_, a), local, 'to all'))).toEqual([]);
    const ping = a.stack(it_.id).ping(b.stack(it_.id).addresses[0]!, { count: 1 });
    it_.mesh.run(500);
    expect(ping.replies()).toBe(1);
  });

  it('is not sent, nor ARP, where nobody is to get a multicast', () => {
    const it_ = lab({ multicastLimit: 0 });
    const [a] = it_.nodes;
    const question = new ByteWriter(new Uint8Array(28));
    arp.write(question, {
      hardwareType: 1,
      protocolType: local,
      operation: 1,
      senderMac: mac(it_, a),
      senderIp: 0x0a010002,
      targetMac: 0 as Mac,
      targetIp: 0x0a010003,
    });
    const before = a.networks.fates.get('no-multicast') ?? 0;
    sentFor(it_, a, frame(broadcastMac, mac(it_, a), 0x0806, question.bytes));
    sentFor(it_, a, frame(broadcastMac, mac(it_, a), local, 'x'));
    expect(a.networks.fates.get('no-multicast')).toBe(before + 2);
    expect(packetsOf(it_, verbNumbers.MULTICAST_GATHER)).toEqual([]);
  });

  it('goes to as many members as the network says', () => {
    const it_ = lab({ multicastLimit: 1 });
    const [a, b, c] = it_.nodes;
    for (let i = 0; i < 20; i++) {
      sentFor(it_, a, frame(broadcastMac, mac(it_, a), local, `number ${i}`));
      it_.mesh.run(100);
    }
    expect(b.heard.length + c.heard.length).toBe(20);
    expect(b.heard.length).toBeGreaterThan(0);
    expect(c.heard.length).toBeGreaterThan(0);
  });

  it('is kept for who joins within 5 seconds', () => {
    const it_ = lab();
    const [a] = it_.nodes;
    const late = it_.mesh.add(4);
    it_.root.mutate(() => it_.root.controller!.authorize(at(500), it_.id, late.address));
    const ping = a.stack(it_.id).ping('10.1.0.199', { count: 1 });
    sentFor(it_, a, frame(broadcastMac, mac(it_, a), local, 'early'));
    it_.mesh.run(2_000);
    late.join(it_.id);
    it_.mesh.run(1_000);
    // It is told of the newcomer when it asks again, and the newcomer when that one asks.
    sentFor(it_, late, frame(broadcastMac, mac(it_, late), local, 'late'));
    it_.mesh.run(200);
    expect(late.heard.map((bytes) => new TextDecoder().decode(bytes.subarray(14)))).toContain(
      'early',
    );
    expect(ping.replies()).toBe(0);
  });
});

describe('a bridge', () => {
  /** B is one, and everybody knows. */
  function bridged(): Lab {
    const it_ = lab();
    const [, b] = it_.nodes;
    it_.root.mutate(() =>
      it_.root.controller!.setMember(at(it_.mesh.nowMs), it_.id, b.address, {
        isActiveBridge: true,
      }),
    );
    it_.mesh.run(500);
    return it_;
  }

  it('speaks for hosts behind it, and gets what is for them', () => {
    const it_ = bridged();
    const [a, b] = it_.nodes;
    const up = frame(mac(it_, a), host, local, 'from behind');
    expect(names(sentFor(it_, b, up))).toEqual([
      `NETWORK_CREDENTIALS to ${a.name}`,
      `EXT_FRAME to ${a.name}`,
    ]);
    it_.mesh.run(50);
    expect(heard(a)).toEqual([toHex(up)]);
    const down = frame(host, mac(it_, a), local, 'to behind');
    expect(names(sentFor(it_, a, down))).toContain(`EXT_FRAME to ${b.name}`);
    it_.mesh.run(50);
    expect(heard(b)).toEqual([toHex(down)]);
  });

  it('gets frames for hosts that nobody knows, and every multicast', () => {
    const it_ = bridged();
    const [a, b, c] = it_.nodes;
    const unknown = frame(otherHost, mac(it_, a), local, 'anybody?');
    sentFor(it_, a, unknown);
    const group = frame(0x0100_5e7f_0001 as Mac, mac(it_, a), local, 'group of hosts');
    sentFor(it_, a, group);
    it_.mesh.run(100);
    expect(heard(b)).toEqual([toHex(unknown), toHex(group)]);
    expect(heard(c)).toEqual([]);
  });

  it('sends multicasts of hosts in their names, and hears the groups that they speak to', () => {
    const it_ = bridged();
    const [a, b] = it_.nodes;
    const group = 0x0100_5e7f_0002 as Mac;
    sentFor(it_, b, frame(group, host, local, 'announcing'));
    it_.mesh.run(200);
    sentFor(it_, b, frame(broadcastMac, host, local, 'to all'));
    it_.mesh.run(200);
    expect(heard(a)).toEqual([toHex(frame(broadcastMac, host, local, 'to all'))]);
    const sources = packetsOf(it_, verbNumbers.MULTICAST_FRAME).map((packet) => read(packet));
    expect(sources[0]).toMatchObject({ value: { source: host } });
    const likes = packetsOf(it_, verbNumbers.MULTICAST_LIKE).map((packet) => read(packet));
    expect(likes).toContainEqual(
      expect.objectContaining({
        value: { likes: [{ networkId: it_.id, group: { mac: group, adi: 0 } }] },
      }),
    );
  });

  it('is believed no more when it is none any more', () => {
    const it_ = bridged();
    const [a, b] = it_.nodes;
    // B does not hear of it.
    it_.mesh.isLost = ({ to }) => to === b;
    it_.root.mutate(() =>
      it_.root.controller!.setMember(at(it_.mesh.nowMs), it_.id, b.address, {
        isActiveBridge: false,
      }),
    );
    it_.mesh.run(500);
    it_.mesh.isLost = () => false;
    sentFor(it_, b, frame(mac(it_, a), host, local, 'from behind'));
    it_.mesh.run(50);
    expect(heard(a)).toEqual([]);
    expect(a.outcomes).toContainEqual({
      verb: 'EXT_FRAME',
      from: b.address,
      outcome: 'filtered',
    });
  });
});

describe('rules', () => {
  it('hold frames back on both sides', () => {
    const it_ = lab({
      rules: [
        rule('MATCH_ETHERTYPE', { etherType: 0x1234 }),
        rule('ACTION_DROP'),
        rule('ACTION_ACCEPT'),
      ],
    });
    const [a, b] = it_.nodes;
    expect(sentFor(it_, a, frame(mac(it_, b), mac(it_, a), 0x1234, 'x'))).toEqual([]);
    expect(a.networks.fates.get('filtered')).toBe(1);
    expect(names(sentFor(it_, a, frame(mac(it_, b), mac(it_, a), local, 'x')))).toContain(
      `FRAME to ${b.name}`,
    );
  });

  it('send a copy of what passes to an observer, who hears it', () => {
    const observer = 3;
    const probe = new Mesh().add(observer).address;
    const it_ = lab({
      rules: [rule('ACTION_TEE', { address: probe, flags: 0, length: 4 }), rule('ACTION_ACCEPT')],
    });
    const [a, b, c] = it_.nodes;
    expect(c.address).toBe(probe);
    const sent = sentFor(it_, a, frame(mac(it_, b), mac(it_, a), local, 'hello'));
    expect(names(sent)).toEqual([
      `NETWORK_CREDENTIALS to ${c.name}`,
      `EXT_FRAME to ${c.name}`,
      `NETWORK_CREDENTIALS to ${b.name}`,
      `FRAME to ${b.name}`,
    ]);
    expect(sent[1]!.message).toMatchObject({ value: { flags: 0x02 } });
    it_.mesh.run(50);
    expect(heard(b)).toEqual([toHex(frame(mac(it_, b), mac(it_, a), local, 'hello'))]);
    // From the sender, and from the receiver with the sender's Ethernet address.
    const copy = toHex(frame(mac(it_, b), mac(it_, a), local, 'hell'));
    expect(heard(c)).toEqual([copy, copy]);
  });

  it('send a frame elsewhere, and not to its destination', () => {
    const probe = new Mesh().add(3).address;
    const it_ = lab({ rules: [rule('ACTION_REDIRECT', { address: probe, flags: 0, length: 0 })] });
    const [a, b, c] = it_.nodes;
    sentFor(it_, a, frame(mac(it_, b), mac(it_, a), local, 'hello'));
    it_.mesh.run(50);
    expect(heard(b)).toEqual([]);
    expect(heard(c)).toEqual([toHex(frame(mac(it_, b), mac(it_, a), local, 'hello'))]);
  });
});

describe('what comes from the network', () => {
  it('never makes a node throw, however it is cut', () => {
    const it_ = lab();
    const [a, b, c] = it_.nodes;
    a.stack(it_.id).ping(b.stack(it_.id).addresses[0]!, { count: 1 });
    it_.mesh.run(500);
    sentFor(it_, a, frame(host, mac(it_, a), local, 'x'));
    const samples = it_.mesh.log.map(({ packet, from }) => ({ packet, from }));
    for (const { packet, from } of samples) {
      if (packet.verb === verbNumbers.NETWORK_CONFIG_REQUEST) continue;
      for (let length = 0; length < Math.min(packet.payload.length, 80); length++) {
        const cut = { ...packet, to: c.address, payload: packet.payload.slice(0, length) };
        it_.mesh.send(from, cut);
      }
    }
    it_.mesh.run(100);
    expect(c.networks.views(at(it_.mesh.nowMs))[0]!.status).toBe('ok');
  });

  it('is answered where it asks for that', () => {
    const it_ = lab();
    const [a, b] = it_.nodes;
    sentFor(it_, a, frame(mac(it_, b), mac(it_, a), local, 'hello'));
    it_.mesh.run(50);
    const payload = new ByteWriter(new Uint8Array(23 + 2));
    payload.u64(it_.id);
    payload.u8(0x10);
    payload.u48(mac(it_, b));
    payload.u48(mac(it_, a));
    payload.u16(local);
    a.mutate((now) => {
      a.vl1.send(now, b.address, verbNumbers.EXT_FRAME, payload.bytes);
    });
    it_.mesh.run(50);
    const ok = packetsOf(it_, verbNumbers.OK).map((packet) => read(packet));
    expect(ok.at(-1)).toMatchObject({
      value: {
        inReVerb: verbNumbers.EXT_FRAME,
        body: { kind: 'ext-frame', value: { networkId: it_.id } },
      },
    });
    expect(b.heard).toHaveLength(2);
  });
});
