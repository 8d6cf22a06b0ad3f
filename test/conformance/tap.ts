/** What every implementation of the TAP port must do, as a suite. */
import { afterEach, expect, it } from 'vitest';

import type { Mac, NetworkId } from '../../src/base/ids.ts';
import type { FrameBatch } from '../../src/core/ports.ts';
import {
  frameCountMax,
  frameLengthMax,
  type OpenTap,
  type Tap,
  type TapOptions,
} from '../../src/io/tap/port.ts';
import type { MulticastGroup } from '../../src/wire/multicast-group.ts';
import { pattern } from './crypto-bytes.ts';

/** The machine's side of a device, whatever kind of machine it is. */
export interface DeviceWitness {
  readonly mac: Mac;
  readonly mtu: number;
  /** Sends a frame through the device. */
  send(frame: Uint8Array): void;
  /** The next frame with an EtherType of the tests that arrives from the device. */
  next(): Promise<Uint8Array>;
  /** Listens to a group. */
  join(group: MulticastGroup): Promise<void>;
  /** Deletes the device, as somebody else might. */
  delete(): Promise<void>;
  close(): void;
}

export interface TapExpectations {
  /** The device of a name; null where there is none. */
  readonly witness: (name: string) => DeviceWitness | null;
}

const networkId = 0x8056c2e21c000001n as NetworkId;
const macs = [0x3211_2233_4455, 0x3211_2233_4466] as const;

/** An EtherType that nothing in the kernel speaks. */
export const testEtherType = 0x88b5;

/** Declares the tests of one implementation. */
export function tapConformance(open: OpenTap, expectations: TapExpectations): void {
  const opened: { close(): void }[] = [];
  afterEach(() => {
    for (const each of opened.splice(0)) each.close();
  });

  interface Card {
    readonly tap: Tap;
    readonly device: DeviceWitness;
    readonly frames: Uint8Array[];
    readonly batchCounts: number[];
    readonly networks: Set<NetworkId>;
    readonly has: (count: number) => Promise<void>;
  }
  const openCard = (options: Partial<TapOptions> = {}): Card => {
    const [frames, batchCounts, networks] = [
      [] as Uint8Array[],
      [] as number[],
      new Set<NetworkId>(),
    ];
    const waiting: (() => void)[] = [];
    const tap = open({
      networkId,
      name: 'zttest0',
      mac: macs[0] as Mac,
      mtu: 2800,
      ...options,
      onFrames: (batch) => {
        batchCounts.push(batch.count);
        for (let i = 0; i < batch.count; i++) {
          networks.add(batch.networks[i]!);
          const frame = batch.bytes.slice(batch.starts[i], batch.ends[i]);
          // The kernel has things of its own to say when a card appears.
          if (frame[12] === testEtherType >> 8) frames.push(frame);
        }
        options.onFrames?.(batch);
        for (const look of waiting) look();
      },
    });
    opened.push(tap);
    const device = expectations.witness(tap.name)!;
    opened.unshift(device);
    const has = (count: number): Promise<void> =>
      new Promise((resolve) => {
        const look = (): void => {
          if (frames.length >= count) resolve();
        };
        waiting.push(look);
        look();
      });
    return { tap, device, frames, batchCounts, networks, has };
  };

  it('makes a device with the name, the Ethernet address and the MTU that were asked for', () => {
    const { tap, device } = openCard({ name: 'ztabcdefghijklm', mac: macs[1] as Mac, mtu: 1280 });
    expect(tap.name).toBe('ztabcdefghijklm');
    expect(device.mac).toBe(macs[1]);
    expect(device.mtu).toBe(1280);
  });

  it('reads what the machine sends: whole frames, in order, of the network', async () => {
    const { device, frames, networks, batchCounts, has, tap } = openCard({ mtu: 10_000 });
    const sent = [46, 1, 0, 100, 1500, 2800, 10_000].map((length, i) => frameOf(length, i));
    for (const frame of sent) device.send(frame);
    await has(sent.length);
    expect(frames).toEqual(sent);
    expect([...networks]).toEqual([networkId]);
    expect(Math.max(...batchCounts)).toBeLessThanOrEqual(frameCountMax);
    expect(tap.counters.read).toBeGreaterThanOrEqual(sent.length);
  });

  it('keeps the order of a burst, in batches that are bounded', async () => {
    const { device, frames, batchCounts, has } = openCard();
    const sent = Array.from({ length: 200 }, (_, i) => frameOf(1400, i));
    for (const frame of sent) device.send(frame);
    await has(sent.length);
    expect(frames).toEqual(sent);
    expect(Math.max(...batchCounts)).toBeLessThanOrEqual(frameCountMax);
  });

  it('hands the frames of the list to the machine, in its order', async () => {
    const { tap, device } = openCard({ mtu: 10_000 });
    const sent = [46, 1, 0, 1500, 2800, 10_000].map((length, i) => frameOf(length, i));
    write(tap, [...sent, frameOf(5, 99)], [5, 0, 1, 2, 3, 4]);
    for (const i of [5, 0, 1, 2, 3, 4]) expect(await device.next()).toEqual(sent[i]);
    write(tap, [frameOf(60, 7)]);
    expect(await device.next()).toEqual(frameOf(60, 7));
    expect(tap.counters).toMatchObject({ written: 7, lost: 0 });
  });

  it('counts what is no frame of a card as lost, and hands over the rest', async () => {
    const { tap, device } = openCard();
    const tooLong = frameOf(frameLengthMax - 13, 1);
    write(tap, [pattern(13, 1), new Uint8Array(0), tooLong, frameOf(100, 2)]);
    expect(await device.next()).toEqual(frameOf(100, 2));
    expect(tap.counters).toMatchObject({ written: 1, lost: 3 });
    expect(tap.counters.lastLoss).toBe('EMSGSIZE');
  });

  it('lets a handler write into what it got, and write frames', async () => {
    const { device, frames, has, tap } = openCard({
      onFrames: (batch) => {
        for (let i = 0; i < batch.count; i++) {
          if (batch.bytes[batch.starts[i]! + 12] !== testEtherType >> 8) continue;
          batch.bytes.fill(0xee, batch.starts[i]! + 14, batch.ends[i]);
          tap.write(batch, Int32Array.of(i), 1);
        }
      },
    });
    for (let i = 0; i < 3; i++) {
      device.send(frameOf(500, i));
      await has(i + 1);
      expect(frames[i]).toEqual(frameOf(500, i));
      expect((await device.next()).subarray(14)).toEqual(new Uint8Array(500).fill(0xee));
    }
  });

  it('keeps two devices apart', async () => {
    const a = openCard({ name: 'zta' });
    const b = openCard({ name: 'ztb', mac: macs[1] as Mac, networkId: 5n as NetworkId });
    a.device.send(frameOf(50, 1));
    b.device.send(frameOf(50, 2));
    await Promise.all([a.has(1), b.has(1)]);
    expect([a.frames, b.frames]).toEqual([[frameOf(50, 1)], [frameOf(50, 2)]]);
    expect([[...a.networks], [...b.networks]]).toEqual([[networkId], [5n]]);
    write(a.tap, [frameOf(50, 3)]);
    write(b.tap, [frameOf(50, 4)]);
    expect([await a.device.next(), await b.device.next()]).toEqual([
      frameOf(50, 3),
      frameOf(50, 4),
    ]);
  });

  it('lists the groups that the machine has joined', async () => {
    const { tap, device } = openCard();
    const group = { mac: 0x0100_5e01_0203 as Mac, adi: 0 };
    expect(tap.groups()).not.toContainEqual(group);
    await device.join(group);
    expect(tap.groups()).toContainEqual(group);
    const other = openCard({ name: 'ztb', mac: macs[1] as Mac });
    expect(other.tap.groups()).not.toContainEqual(group);
    tap.close();
    expect(tap.groups()).toEqual([]);
  });

  it('takes the device away at the end, also within the handler, and makes it anew', async () => {
    const first = openCard({
      onFrames: () => {
        first.tap.close();
        first.tap.close();
      },
    });
    first.device.send(frameOf(50, 1));
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (expectations.witness('zttest0') === null) resolve();
        else setImmediate(look);
      };
      look();
    });
    write(first.tap, [frameOf(50, 2)]);
    expect(first.tap.counters).toMatchObject({ written: 0, lost: 1, lastLoss: 'EBADF' });
    const again = openCard();
    again.device.send(frameOf(50, 3));
    await again.has(1);
    expect(again.frames).toEqual([frameOf(50, 3)]);
  });

  it('says once that somebody took the device away', async () => {
    let gone: () => void = () => undefined;
    let count = 0;
    const told = new Promise<void>((resolve) => (gone = resolve));
    const { tap, device } = openCard({
      onGone: () => {
        count++;
        gone();
      },
    });
    await device.delete();
    await told;
    tap.close();
    await new Promise(setImmediate);
    expect(count).toBe(1);
    write(tap, [frameOf(50, 2)]);
    expect(tap.counters).toMatchObject({ written: 0, lost: 1 });
    expect(openCard().tap.name).toBe('zttest0');
  });

  it('refuses a name that is taken, and leaves who has it alone', async () => {
    const { device, has } = openCard();
    expect(() => openCard()).toThrow(expect.objectContaining({ code: 'TAP_BUSY' }) as Error);
    device.send(frameOf(50, 1));
    await has(1);
  });

  it('refuses names that no device can have', () => {
    for (const name of ['', 'sixteen-letters-', 'a/b', 'a b', 'zt%d', '..', 'zt\0'])
      expect(() => openCard({ name }), name).toThrow(
        expect.objectContaining({ code: 'TAP_NAME' }) as Error,
      );
  });
}

/** A frame from and to nobody in particular. @param length - of its payload */
export function frameOf(length: number, seed: number): Uint8Array {
  const frame = new Uint8Array(14 + length);
  frame.set([0x32, 0x11, 0x22, 0x33, 0x44, 0x55, 0x32, 0, 0, 0, 0, seed & 0xff]);
  frame.set([testEtherType >> 8, testEtherType & 0xff], 12);
  const some = pattern(Math.min(length, 61), seed);
  for (let i = 0; i < length; i++) frame[14 + i] = some[i % some.length]!;
  return frame;
}

/** Writes frames as one batch. */
function write(tap: Tap, frames: readonly Uint8Array[], indices?: readonly number[]): void {
  const batch: FrameBatch = {
    bytes: new Uint8Array(frames.reduce((sum, frame) => sum + frame.length, 0)),
    starts: new Int32Array(frames.length),
    ends: new Int32Array(frames.length),
    networks: frames.map(() => tap.networkId),
    count: frames.length,
  };
  let end = 0;
  frames.forEach((frame, i) => {
    batch.starts[i] = end;
    batch.bytes.set(frame, end);
    end += frame.length;
    batch.ends[i] = end;
  });
  const list = Int32Array.from(indices ?? frames.map((_, i) => i));
  tap.write(batch, list, list.length);
}
