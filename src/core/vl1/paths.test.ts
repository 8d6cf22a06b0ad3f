import { describe, expect, it } from 'vitest';

import { ip, provider } from '../../../test/core/small-world.ts';
import { testIdentity } from '../../../test/vectors/identities.ts';
import { PeerKeys } from '../../crypto/peer-keys.ts';
import { EndpointTable } from '../endpoint.ts';
import { bestPath, lastPath, relayQuality } from './path-choice.ts';
import { PathTable } from './path-table.ts';
import { Path } from './path.ts';
import { PeerTable } from './peer-table.ts';
import { Peer, type PeerPath } from './peer.ts';

const endpoints = new EndpointTable();

function peerOf(index: number): Peer {
  const { identity } = testIdentity(index);
  const keys = PeerKeys.agree(provider, testIdentity(0).secretKey, identity.publicKey)!;
  return new Peer(identity, keys, 0);
}

function give(peer: Peer, at: string, values: Partial<Path & PeerPath> = {}): PeerPath {
  const path = new Path(1, endpoints.of(ip(at)));
  path.lastInMs = values.lastInMs ?? 0;
  path.latencyMs = values.latencyMs ?? null;
  const added: PeerPath = {
    path,
    lastReceiveMs: values.lastReceiveMs ?? 0,
    lastAnswerMs: values.lastAnswerMs ?? 0,
    priority: values.priority ?? 1,
    probes: 0,
    probedMs: -Infinity,
    needsAnswer: false,
    isDead: values.isDead ?? false,
  };
  peer.paths.push(added);
  return added;
}

describe('the best path', () => {
  it('is the one with the shorter way, a private one before a global one', () => {
    const peer = peerOf(1);
    give(peer, '8.8.4.4/1', { latencyMs: 20 });
    const near = give(peer, '8.8.8.8/1', { latencyMs: 10 });
    expect(bestPath(peer, 1_000)).toBe(near);
    const lan = give(peer, '192.168.0.1/1', { latencyMs: 30 });
    expect(bestPath(peer, 1_000)).toBe(lan);
    give(peer, '192.168.0.2/1', { latencyMs: 60 });
    expect(bestPath(peer, 1_000)).toBe(lan);
  });

  it('is not one that is unmeasured or silent for 19 s, if there is another', () => {
    const peer = peerOf(1);
    give(peer, '192.168.0.1/1');
    const silent = give(peer, '192.168.0.2/1', { latencyMs: 5, lastInMs: -20_000 });
    const known = give(peer, '8.8.8.8/1', { latencyMs: 900 });
    expect(bestPath(peer, 1_000)).toBe(known);
    peer.paths.pop();
    peer.paths.shift();
    expect(bestPath(peer, 1_000)).toBe(silent);
  });

  it('is the later of equal ones', () => {
    const peer = peerOf(1);
    give(peer, '192.168.0.1/1', { latencyMs: 5 });
    const later = give(peer, '192.168.0.2/1', { latencyMs: 5 });
    expect(bestPath(peer, 1_000)).toBe(later);
  });

  it('is none that is dead, or on which its peer was not heard for 243 s', () => {
    const peer = peerOf(1);
    const dead = give(peer, '192.168.0.1/1', { latencyMs: 5, isDead: true, lastReceiveMs: 10 });
    give(peer, '192.168.0.2/1', { latencyMs: 5, lastReceiveMs: -242_500 });
    expect(bestPath(peer, 0)).not.toBeNull();
    expect(bestPath(peer, 1_000)).toBeNull();
    expect(lastPath(peer)).toBe(dead);
  });
});

describe('a relay', () => {
  it('is worse with every 61 s of silence, and none without a path', () => {
    const peer = peerOf(1);
    peer.lastReceiveMs = 0;
    expect(relayQuality(peer, 1_000)).toBe(Infinity);
    give(peer, '192.168.0.1/1', { latencyMs: 7 });
    expect(relayQuality(peer, 1_000)).toBe(7);
    expect(relayQuality(peer, 130_000)).toBe(21);
  });
});

describe('a path', () => {
  it('has the first round trip as it is, then the mean of old and new', () => {
    const path = new Path(1, endpoints.of(ip('192.168.0.1/1')));
    path.measure(10);
    expect(path.latencyMs).toBe(10);
    path.measure(20);
    expect(path.latencyMs).toBe(15);
  });
});

describe('the table of paths', () => {
  it('has one object for a socket and an endpoint', () => {
    const table = new PathTable(10);
    const path = table.of(1, endpoints.of(ip('192.0.2.1/1')));
    expect(table.of(1, new EndpointTable().of(ip('192.0.2.1/1')))).toBe(path);
    expect(table.of(2, path.endpoint)).not.toBe(path);
  });

  it('does not hold what was only looked for, and one object of what is adopted', () => {
    const table = new PathTable(10);
    const endpoint = endpoints.of(ip('192.0.2.7/1'));
    expect(table.find(1, endpoint)).toBeUndefined();
    expect(table.strangers).toBe(0);
    const path = new Path(1, endpoint);
    expect(table.adopt(path)).toBe(path);
    expect(table.adopt(new Path(1, endpoint))).toBe(path);
    expect(table.find(1, new EndpointTable().of(ip('192.0.2.7/1')))).toBe(path);
    expect(table.strangers).toBe(1);
  });

  it('forgets the oldest strangers, and none that a peer has', () => {
    const table = new PathTable(100);
    const kept = table.keep(table.of(1, endpoints.of(ip('192.0.2.1/1'))));
    const second = table.of(1, endpoints.of(ip('192.0.2.1/2')));
    for (let i = 0; i < 1_000; i++) table.of(1, endpoints.ipv4(0x0a00_0000 + i, 1));
    expect(table.strangers).toBe(100);
    expect(table.of(1, kept.endpoint)).toBe(kept);
    expect(table.of(1, second.endpoint)).not.toBe(second);
    table.release(kept);
    for (let i = 0; i < 200; i++) table.of(1, endpoints.ipv4(0x0b00_0000 + i, 1));
    expect(table.of(1, kept.endpoint)).not.toBe(kept);
  });
});

describe('the table of peers', () => {
  it('makes room by forgetting who was not heard for longest, but no root', () => {
    const root = peerOf(1);
    const table = new PeerTable(new PathTable(10), 3, (address) => address === root.address);
    const peers = [root, peerOf(2), peerOf(3), peerOf(4)];
    peers.forEach((peer, i) => (peer.lastReceiveMs = i));
    for (const peer of peers) table.add(peer);
    expect([...table.values()]).toEqual([root, peers[2], peers[3]]);
    expect(peers[1]!.isClosed).toBe(true);
  });
});
