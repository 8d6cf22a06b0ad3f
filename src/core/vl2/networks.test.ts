import { describe, expect, it } from 'vitest';

import { Mesh, type MeshNode } from '../../../test/twins/mesh.ts';
import { at } from '../../../test/twins/vl1.ts';
import type { NetworkId } from '../../base/ids.ts';
import type { NetworkSettings } from '../../controller/network-record.ts';
import { decodeMessage, verbNumbers } from '../../wire/verbs/index.ts';

interface Lab {
  readonly mesh: Mesh;
  readonly root: MeshNode;
  readonly a: MeshNode;
  readonly b: MeshNode;
  readonly id: NetworkId;
}

const settings: Partial<NetworkSettings> = {
  name: 'lab',
  assignsIpv4: true,
  assignsRfc4193: true,
  assigns6plane: true,
  pools: [{ first: '10.144.0.2', last: '10.144.0.200' }],
  routes: [{ target: '10.144.0.0/24', via: null }],
};

/** A root that controls a network, and two nodes; nobody has joined. */
function lab(changes: Partial<NetworkSettings> = {}): Lab {
  const mesh = new Mesh();
  const root = mesh.add(0, { root: true, controller: true });
  const { networkId: id } = root.controller!.createNetwork(at(0), { ...settings, ...changes });
  return { mesh, root, a: mesh.add(1), b: mesh.add(2), id };
}

function authorize({ mesh, root, id }: Lab, ...nodes: MeshNode[]): void {
  for (const node of nodes)
    root.mutate(() => root.controller!.authorize(at(mesh.nowMs), id, node.address));
}

/** Two members. */
function joined(changes: Partial<NetworkSettings> = {}): Lab {
  const it = lab(changes);
  authorize(it, it.a, it.b);
  it.a.join(it.id);
  it.b.join(it.id);
  it.mesh.run(200);
  return it;
}

const status = (node: MeshNode): string => node.networks.views(at(0))[0]!.status;
const addresses = (node: MeshNode, id: NetworkId): readonly string[] => node.stack(id).addresses;
/** IPv4, 6PLANE, RFC 4193. */
const ipOf = (node: MeshNode, id: NetworkId, start: string): string =>
  addresses(node, id).find((address) => address.startsWith(start))!;

describe('joining', () => {
  it('asks the controller at once, and has its addresses one round trip later', () => {
    const it = lab();
    authorize(it, it.a);
    it.a.join(it.id);
    it.mesh.run(2 * it.mesh.latencyMs);
    expect(status(it.a)).toBe('ok');
    expect(addresses(it.a, it.id)[0]).toMatch(/^10\.144\.0\.\d+$/);
    expect(it.a.events.map(({ kind }) => kind)).toEqual(['network', 'tap', 'network', 'persist']);
  });

  it('waits to be authorised, says for whom, and has its addresses a second after it is', () => {
    const it = lab();
    it.a.join(it.id);
    it.mesh.run(30);
    expect(status(it.a)).toBe('access-denied');
    it.mesh.run(2_000);
    const view = it.a.networks.views(at(it.mesh.nowMs))[0]!;
    expect(view.asked.answer).toBe('access-denied');
    expect(view.asked.askedAgoMs).toBeLessThan(2_000);
    authorize(it, it.a);
    it.mesh.run(20);
    expect(status(it.a)).toBe('ok');
  });

  it('asks an absent controller more and more slowly, and is not in the network meanwhile', () => {
    const it = lab();
    it.mesh.isLost = ({ to }) => to === it.root;
    it.a.join(it.id);
    it.mesh.run(60_000);
    const requests = it.mesh.log.filter(
      ({ packet }) => packet.verb === verbNumbers.NETWORK_CONFIG_REQUEST,
    );
    expect(requests.length).toBeGreaterThan(12);
    expect(requests.length).toBeLessThan(24);
    expect(status(it.a)).toBe('requesting');
  });

  it('asks at once when there is a way to the roots again, and tells them its groups', () => {
    const it = joined();
    it.mesh.isLost = ({ to }) => to === it.root;
    it.mesh.run(75_000);
    const asked = (): number => it.a.networks.views(at(it.mesh.nowMs))[0]!.asked.askedAgoMs!;
    while (asked() < 1_100) it.mesh.run(100);
    it.mesh.isLost = () => false;
    const reconnect = (): number[] => {
      const before = it.mesh.log.length;
      it.a.mutate((now) => {
        it.a.networks.handleReconnect(now);
      });
      return it.mesh.log.slice(before).map(({ packet }) => packet.verb);
    };
    expect(reconnect()).toEqual([verbNumbers.MULTICAST_LIKE, verbNumbers.NETWORK_CONFIG_REQUEST]);
    expect(reconnect()).toEqual([verbNumbers.MULTICAST_LIKE]);
    it.mesh.run(2_000);
    expect(reconnect()).toEqual([verbNumbers.MULTICAST_LIKE]);
  });

  it('is told that there is no such network', () => {
    const it = lab();
    it.a.join((it.id + 1n) as NetworkId);
    it.mesh.run(30);
    expect(status(it.a)).toBe('not-found');
  });

  it('starts with the configuration of an earlier run, while the controller is away', () => {
    const it = joined();
    const saved = it.a.events.findLast((event) => event.kind === 'persist');
    it.a.mutate((now) => {
      it.a.networks.leave(now, it.id);
    });
    expect(it.a.events.slice(-2)).toMatchObject([
      { kind: 'tap', state: null },
      { kind: 'persist', name: `networks.d/${it.id.toString(16)}.conf`, bytes: null },
    ]);
    it.mesh.isLost = ({ to }) => to === it.root;
    it.a.join(it.id, {
      cachedConfig: saved!.bytes!,
    });
    it.mesh.run(10);
    expect(status(it.a)).toBe('ok');
    expect(addresses(it.a, it.id)).toHaveLength(3);
  });

  it('does not use what was kept for another node', () => {
    const it = joined();
    const saved = it.b.events.findLast((event) => event.kind === 'persist');
    it.a.mutate((now) => {
      it.a.networks.leave(now, it.id);
    });
    it.mesh.isLost = ({ to }) => to === it.root;
    it.a.join(it.id, {
      cachedConfig: saved!.bytes!,
    });
    expect(status(it.a)).toBe('requesting');
  });

  it('brings a token that lets it in', () => {
    const it = lab({ joinTokens: [{ token: 'open sesame', expiresAtMs: 0 }] });
    it.a.join(it.id, { token: 'open sesame' });
    it.b.join(it.id, { token: 'open barley' });
    it.mesh.run(30);
    expect([status(it.a), status(it.b)]).toEqual(['ok', 'access-denied']);
    it.mesh.run(1_000);
    it.b.join(it.id, { token: 'open sesame' });
    it.mesh.run(30);
    expect(status(it.b)).toBe('ok');
  });
});

describe('two members', () => {
  it('ping each other over IPv4 within 100 ms of joining, with ARP in between', () => {
    const it = joined();
    it.mesh.nowMs = 200;
    const ping = it.a.stack(it.id).ping(ipOf(it.b, it.id, '10.'), { count: 3 });
    it.mesh.run(3_000);
    expect(ping.replies()).toBe(3);
    expect(ping.firstReplyMs()! - 200).toBeLessThan(100);
    expect(it.a.stack(it.id).badFrames + it.b.stack(it.id).badFrames).toBe(0);
  });

  it.each(['fd', 'fc'])(
    'ping each other over IPv6 (%s…) without a packet of neighbour discovery',
    (start) => {
      const it = joined();
      const before = it.mesh.log.length;
      const ping = it.a.stack(it.id).ping(ipOf(it.b, it.id, start), { count: 3 });
      it.mesh.run(3_000);
      expect(ping.replies()).toBe(3);
      const multicasts = it.mesh.log
        .slice(before)
        .filter(({ packet }) => packet.verb === verbNumbers.MULTICAST_FRAME);
      expect(multicasts).toHaveLength(0);
    },
  );

  it('show each other their credentials once, before the first frame', () => {
    const it = joined();
    it.a.stack(it.id).ping(ipOf(it.b, it.id, 'fd'), { count: 5 });
    it.mesh.run(5_000);
    for (const verbs of [it.mesh.verbs(it.a, it.b), it.mesh.verbs(it.b, it.a)]) {
      expect(verbs[0]).toBe('NETWORK_CREDENTIALS');
      expect(verbs.filter((verb) => verb === 'NETWORK_CREDENTIALS')).toHaveLength(1);
      expect(verbs.filter((verb) => verb === 'FRAME')).toHaveLength(5);
    }
  });

  it('hold and ask where credentials are lost, and the frame arrives all the same', () => {
    const it = joined();
    let lost = 0;
    it.mesh.isLost = ({ packet }) => packet.verb === verbNumbers.NETWORK_CREDENTIALS && lost++ < 1;
    const ping = it.a.stack(it.id).ping(ipOf(it.b, it.id, 'fd'), { count: 1 });
    it.mesh.run(1_000);
    expect(ping.replies()).toBe(1);
    expect(it.b.outcomes.some(({ verb, outcome }) => verb === 'FRAME' && outcome === 'hold')).toBe(
      true,
    );
  });

  it('find each other though every fifth packet is lost', () => {
    for (let seed = 0; seed < 10; seed++) {
      const it = joined();
      it.mesh.run(5_000);
      it.mesh.lossRatio = 0.2;
      const ping = it.a.stack(it.id).ping(ipOf(it.b, it.id, '10.'), { count: 10 + seed });
      it.mesh.run(20_000 + seed);
      expect(ping.replies()).toBeGreaterThan(3);
    }
  });

  it('go on for an hour without the controller', () => {
    const it = joined();
    const ping = it.a.stack(it.id).ping(ipOf(it.b, it.id, '10.'), { intervalMs: 60_000 });
    it.mesh.run(1_000);
    it.mesh.isLost = ({ from, to, packet }) =>
      (to === it.root && packet.verb === verbNumbers.NETWORK_CONFIG_REQUEST) ||
      (from === it.root && packet.verb === verbNumbers.NETWORK_CONFIG);
    it.mesh.run(3_600_000);
    expect(ping.lost(-Infinity, it.mesh.nowMs - 1_000)).toBe(0);
  });
});

describe('members of a controller of ours', () => {
  const futures = (it: Lab, from: MeshNode): number[] =>
    it.mesh.log
      .filter((each) => each.from === from && each.to === it.root)
      .map(({ packet }) => decodeMessage(packet.verb, packet.payload))
      .flatMap((message) =>
        typeof message !== 'string' && message.name === 'NETWORK_CONFIG_REQUEST'
          ? [message.value.future.length]
          : [],
      );

  it('tell it how they reach whom they have to do with, once it has said that it wants that', () => {
    const it = joined();
    const c = it.mesh.add(3);
    authorize(it, c);
    c.join(it.id);
    it.mesh.run(200);
    for (const from of [it.a, it.b]) {
      from.vl1.latencies.set(c.address, 4.6);
      from.stack(it.id).ping(ipOf(c, it.id, 'fd'), { intervalMs: 5_000 });
    }
    it.mesh.run(62_000);
    const status = it.root.controller!.member(at(it.mesh.nowMs), it.id, c.address)!;
    expect(status.reports.map(({ by, kind, latencyMs }) => [by, kind, latencyMs])).toEqual(
      expect.arrayContaining([it.a, it.b].map(({ address }) => [address, 'direct', 5])),
    );
    for (const { heardAtMs, saidAtMs } of status.reports)
      expect(saidAtMs - heardAtMs!).toBeLessThan(6_000);
    // C speaks of both, A of C alone: the first question of each had nothing to say.
    expect(futures(it, c)).toEqual([0, 22]);
    expect(futures(it, it.a)).toEqual([0, 12]);
  });

  it('tell it nothing after a start before it has answered, nor once it has refused them', () => {
    const it = joined();
    it.a.stack(it.id).ping(ipOf(it.b, it.id, 'fd'), { intervalMs: 5_000 });
    it.mesh.run(62_000);
    expect(futures(it, it.a)).toEqual([0, 12]);
    const saved = it.a.events.findLast((event) => event.kind === 'persist');
    it.a.mutate((now) => {
      it.a.networks.leave(now, it.id);
    });
    it.a.join(it.id, { cachedConfig: saved!.bytes! });
    it.mesh.run(62_000);
    expect(futures(it, it.a)).toEqual([0, 12, 0, 12]);
    it.root.mutate(() => it.root.controller!.deauthorize(at(it.mesh.nowMs), it.id, it.a.address));
    it.mesh.run(70_000);
    const [last, refused, ...more] = futures(it, it.a).slice(4);
    expect([last, refused]).toEqual([expect.any(Number), 0]);
    expect(new Set(more)).toEqual(new Set([0]));
  });
});

describe('a member that is shut out', () => {
  it('is refused by the others at once, and heard again when it is let in again', () => {
    const it = joined();
    const ping = it.a.stack(it.id).ping(ipOf(it.b, it.id, '10.'), { intervalMs: 100 });
    it.mesh.run(2_000);
    expect(ping.lost(-Infinity, it.mesh.nowMs - 100)).toBe(0);

    it.root.mutate(() => it.root.controller!.deauthorize(at(it.mesh.nowMs), it.id, it.b.address));
    it.mesh.run(50);
    const shutOutMs = it.mesh.nowMs;
    it.mesh.run(5_000);
    expect(ping.replies(shutOutMs)).toBe(0);
    expect(it.mesh.verbs(it.a, it.b)).toContain('ERROR');

    it.mesh.run(60_000);
    expect(status(it.b)).toBe('access-denied');
    expect(addresses(it.b, it.id)).toHaveLength(3);

    authorize(it, it.b);
    const letInMs = it.mesh.nowMs;
    it.mesh.run(3_000);
    expect(status(it.b)).toBe('ok');
    expect(ping.firstReplyMs(letInMs)! - letInMs).toBeLessThan(1_500);
  });

  it('is passed on from member to member where the controller cannot reach one', () => {
    const it = joined();
    it.a.stack(it.id).ping(ipOf(it.b, it.id, 'fd'), { intervalMs: 100 });
    it.mesh.run(1_000);
    it.mesh.isLost = ({ from, to }) => from === it.root && to === it.a;
    it.root.mutate(() => it.root.controller!.deauthorize(at(it.mesh.nowMs), it.id, it.b.address));
    it.mesh.run(100);
    const passedOn = it.mesh.log
      .filter(({ from, to }) => from === it.b && to === it.a)
      .map(({ packet }) => decodeMessage(packet.verb, packet.payload));
    const targets = passedOn.flatMap((message) =>
      typeof message !== 'string' && message.name === 'NETWORK_CREDENTIALS'
        ? (message.value.revocations ?? []).map(({ target }) => target)
        : [],
    );
    expect(targets).toEqual([it.b.address]);
    expect(it.a.networks.views(at(0))[0]!.status).toBe('ok');
  });
});
