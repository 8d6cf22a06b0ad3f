import { beforeEach, describe, expect, it } from 'vitest';

import { formatMac, type Mac, type NetworkId } from '../src/base/ids.ts';
import type { TapState } from '../src/core/ports.ts';
import { EventQueue } from './event-queue.ts';
import { TinyStack } from './tiny-stack.ts';

let nowMs: number;
let queue: EventQueue;
/** Frames on the wire, by their EtherType. */
let frames: number[];
let lastFrame: Uint8Array;
let isCut: boolean;

beforeEach(() => {
  nowMs = 0;
  queue = new EventQueue();
  frames = [];
  isCut = false;
});

function run(untilMs: number): void {
  while (queue.nextMs <= untilMs) {
    const next = queue.take()!;
    nowMs = next.atMs;
    next.action?.();
  }
  nowMs = untilMs;
}

function tap(number: number): TapState {
  return {
    networkId: 1n as NetworkId,
    mac: (0x0200_0000_0000 + number) as Mac,
    mtu: 2800,
    addresses: [
      { ip: `fd00::${number}`, bits: 88 },
      { ip: `10.9.0.${number}`, bits: 24 },
    ],
    routes: [{ target: { ip: '172.16.0.0', bits: 12 }, via: '10.9.0.2', metric: 0 }],
    dnsDomain: '',
    dnsServers: [],
    deviceName: 'zt',
  };
}

/** Hosts on one wire. */
function stacks(count: number): TinyStack[] {
  const all: TinyStack[] = [];
  for (let i = 0; i < count; i++) {
    const stack = new TinyStack({
      nowMs: () => nowMs,
      after: (delayMs, action) => queue.add(nowMs + delayMs, action),
      output: (frame) => {
        frames.push((frame[12]! << 8) | frame[13]!);
        lastFrame = frame;
        if (isCut) return;
        const isMulticast = (frame[0]! & 1) === 1;
        for (const [j, other] of all.entries())
          if (j !== i && (isMulticast || frame[5] === j + 1))
            queue.add(nowMs + 1, () => {
              other.handleFrame(frame);
            });
      },
    });
    stack.configure(tap(i + 1));
    all.push(stack);
  }
  return all;
}

describe('a host on the virtual network', () => {
  it.each(['10.9.0.2', 'fd00::2'])('pings %s after asking who it is', (ip) => {
    const [a, b, c] = stacks(3);
    const ping = a!.ping(ip, { intervalMs: 100, count: 3 });
    run(1_000);
    // The first one waits for the question.
    expect(ping.echoes.map(({ rttMs }) => rttMs)).toEqual([4, 2, 2]);
    expect(frames).toHaveLength(2 + 6);
    expect([a!.badFrames, b!.badFrames, c!.badFrames]).toEqual([0, 0, 0]);
  });

  it('pings over a route', () => {
    const [a, b] = stacks(2);
    b!.configure({ ...tap(2), addresses: [...tap(2).addresses, { ip: '172.16.5.5', bits: 32 }] });
    const ping = a!.ping('172.16.5.5', { count: 1 });
    run(100);
    expect(ping.replies()).toBe(1);
  });

  it('asks three times who has an address, then drops what waited', () => {
    const [a] = stacks(1);
    const ping = a!.ping('10.9.0.77', { count: 1 });
    run(10_000);
    expect(frames).toEqual([0x0806, 0x0806, 0x0806]);
    expect(ping.lost()).toBe(1);
  });

  it('asks again after a minute what it knew', () => {
    const [a] = stacks(2);
    a!.ping('10.9.0.2', { intervalMs: 30_000, count: 4 });
    run(120_000);
    expect(frames.filter((etherType) => etherType === 0x0806)).toHaveLength(4);
  });

  it('counts what is lost, and when the first reply came after a cut', () => {
    const [a] = stacks(2);
    const ping = a!.ping('10.9.0.2', { intervalMs: 10 });
    run(95);
    isCut = true;
    run(195);
    isCut = false;
    run(295);
    ping.stop();
    run(400);
    expect(ping.lost()).toBe(10);
    expect(ping.lost(100, 150)).toBe(5);
    expect(ping.firstReplyMs(96)).toBe(202);
    expect(ping.rttMs(0.99)).toBe(4);
  });

  it('joins the groups of its addresses', () => {
    const [a] = stacks(1);
    expect(a!.groups().map(({ mac }) => formatMac(mac))).toEqual([
      '01:00:5e:00:00:01',
      '33:33:00:00:00:01',
      '33:33:ff:00:00:01',
    ]);
    a!.configure(null);
    expect(a!.groups()).toEqual([]);
  });

  it('finds the fault in a frame with a wrong checksum', () => {
    const [a] = stacks(2);
    a!.ping('10.9.0.2', { count: 1 });
    run(100);
    expect(a!.badFrames).toBe(0);
    // What came last is the echo reply to a.
    lastFrame[40]! ^= 1;
    a!.handleFrame(lastFrame);
    expect(a!.badFrames).toBe(1);
  });
});
