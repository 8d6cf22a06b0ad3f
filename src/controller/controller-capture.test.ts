import { describe, expect, it } from 'vitest';

import { inboundPacket, SilentVl1, type Sent } from '../../test/synthetic/vl1.ts';
import { capturedCommands, networkSettings } from '../../test/vectors/captured-commands.ts';
import { capturedRecords, hex, loadBytes, type CapturedRecord } from '../../test/vectors/load.ts';
import { ByteWriter, latin1Text, toHex } from '../base/bytes.ts';
import { formatAddress, parseAddress, type Address, type NetworkId } from '../base/ids.ts';
import type { Entropy, Now } from '../core/ports.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { parseIdentity, parseSecretIdentity, type Identity } from '../wire/identity.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { Controller } from './controller.ts';

const file = (name: string): string => latin1Text(loadBytes(`captures/identities/${name}`)).trim();
const R = parseSecretIdentity(file('R.identity.secret'))!;
const identities = new Map<Address, Identity>(
  ['A', 'B'].map((name) => {
    const identity = parseIdentity(file(`${name}.identity.public`))!;
    return [identity.address, identity];
  }),
);
const A = parseAddress('45ad10e047')!;
const B = parseAddress('bfb8eb1884')!;
const networkId = 0x283c5bc4bcc3c8a8n as NetworkId;
const records = new Map(capturedRecords().map((record) => [record.frame, record]));

/** Says what it is told to say. */
class ScriptedEntropy implements Entropy {
  next: bigint[] = [];

  fill(bytes: Uint8Array): void {
    const value = this.next.shift();
    if (value === undefined || bytes.length !== 8) throw new Error('random bytes not foreseen');
    new ByteWriter(bytes).u64(value);
  }
}

const settings = networkSettings(
  capturedCommands().find(({ source }) => source === 'api/046')!.body!,
);

const entropy = new ScriptedEntropy();
const vl1 = new SilentVl1(R, nodeProvider(), entropy);
const controller = new Controller(vl1);
/** The captured packets that came out again. */
const seen = new Set<number>();

function at(wallMs: number): Now {
  return { wallMs, monoMs: wallMs - 1_795_363_866_000 };
}

/** Frames that R must have sent, each to whom it went to in the capture, whatever else we sent. */
function expectFrames(sent: readonly Sent[], ...frames: number[]): void {
  for (const frame of frames) {
    const record = records.get(frame)!;
    const found = sent.filter(
      ({ to, verb }) =>
        formatAddress(to) === record.dst && verb === verbNumbers[record.verb as 'OK'],
    );
    expect(found.map(({ payload }) => toHex(payload))).toContain(record.payload);
    const found0 = found.find(({ payload }) => toHex(payload) === record.payload);
    expect(found0?.compress).toBe(record.compressed);
    seen.add(frame);
  }
}

/** The update IDs of captured configurations, as they are drawn when we send in this order. */
function draw(...frames: number[]): void {
  entropy.next.push(
    ...frames.map((frame) => BigInt(`0x${String(records.get(frame)!['updateId'])}`)),
  );
}

/** When a configuration in the capture was made. */
function madeAt(frame: number): number {
  return Number.parseInt(/^ts=(\w+)$/m.exec(String(records.get(frame)!['dict']))![1]!, 16);
}

/** Hands a captured request to the controller. @returns what it sent */
function ask(frame: number, wallMs?: number): Sent[] {
  const record = records.get(frame) as CapturedRecord & { readonly t: number };
  const identity = identities.get(parseAddress(record.src)!)!;
  const now = at(wallMs ?? Math.floor(record.t * 1000));
  controller.handleTimeout(now);
  vl1.take();
  const packet = inboundPacket(
    identity,
    verbNumbers.NETWORK_CONFIG_REQUEST,
    BigInt(`0x${record.id}`),
    hex(record.payload!),
  );
  expect(controller.handlePacket(now, packet)).toBe('accepted');
  const sent = vl1.take();
  expect(sent.every(({ how }) => how === 'reply')).toBe(true);
  return sent;
}

function command(wallMs: number, run: (now: Now) => void): Sent[] {
  const now = at(wallMs);
  controller.handleTimeout(now);
  vl1.take();
  run(now);
  expect(entropy.next).toEqual([]);
  return vl1.take();
}

describe('the controller in the place of the captured one', () => {
  it('sends what it sent, byte for byte', () => {
    command(1795363878732, (now) => controller.importNetwork(now, networkId));
    command(1795363878837, (now) => controller.setNetwork(now, networkId, settings));
    expect(controller.network(networkId)?.revision).toBe(2);
    expectFrames(ask(26), 33);
    expectFrames(ask(36), 40);

    // Authorised, A gets at once what it got at its next request: of another time and update, so it is not compared.
    entropy.next = [1n];
    command(1795363882303, (now) => controller.authorize(now, networkId, A));
    draw(46);
    expectFrames(ask(45, madeAt(46)), 46);
    expectFrames(ask(55), 56);
    entropy.next = [2n];
    command(1795363887125, (now) => {
      controller.setMember(now, networkId, B, {
        name: 'node-b',
        tags: [{ id: 200, value: 5 }],
        capabilities: [1],
      });
      controller.authorize(now, networkId, B);
    });
    draw(71);
    const first = ask(70, madeAt(71));
    expectFrames(first, 71);
    expect(toHex(first[0]!.payload)).toContain(toHex(loadBytes('captures/network-config-B.dict')));

    draw(269);
    expectFrames(ask(268, madeAt(269)), 269);
    draw(285);
    expectFrames(ask(283, madeAt(285)), 285);
    draw(320, 319);
    const renamed = command(madeAt(319), (now) =>
      controller.setNetwork(now, networkId, { name: 'lab2' }),
    );
    expectFrames(renamed, 319, 320);
    // The others are told of a bridge at once; in the capture only with their next configuration.
    entropy.next = [3n];
    draw(323);
    const bridged = command(madeAt(323), (now) =>
      controller.setMember(now, networkId, B, { isActiveBridge: true }),
    );
    expectFrames(bridged, 323);
    draw(342, 341);
    const renamedAgain = command(madeAt(341), (now) =>
      controller.setNetwork(now, networkId, { name: 'lab3' }),
    );
    expectFrames(renamedAgain, 341, 342);
    const same = command(1795363973229, (now) =>
      controller.setMember(now, networkId, B, { isActiveBridge: true }),
    );
    expect(same).toEqual([]);
    entropy.next = [4n];
    draw(369);
    const unbridged = command(madeAt(369), (now) =>
      controller.setMember(now, networkId, B, { isActiveBridge: false }),
    );
    expectFrames(unbridged, 369);

    entropy.next = [0x76b0_e486n];
    const shutOut = command(0x1a2_0408_30a4, (now) => controller.deauthorize(now, networkId, B));
    expectFrames(shutOut, 371, 372);
    draw(604);
    expectFrames(ask(603, madeAt(604)), 604);
    expectFrames(ask(614), 616);
    draw(617);
    expectFrames(
      command(madeAt(617), (now) => controller.authorize(now, networkId, B)),
      617,
    );
    expectFrames(ask(632), 649);
    entropy.next = [0x573d_6600n];
    const deleted = command(0x1a2_0409_542e, (now) => {
      controller.deleteMember(now, networkId, B);
    });
    expectFrames(deleted, 685, 686);
  });

  it('sent everything that the captured one did, but for what is explained', () => {
    const verbs = ['NETWORK_CONFIG', 'NETWORK_CREDENTIALS', 'OK', 'ERROR'];
    const missing = capturedRecords().filter(
      ({ frame, src, verb, inRe, dict }) =>
        src === formatAddress(R.identity.address) &&
        verbs.includes(verb ?? '') &&
        (verb?.startsWith('NETWORK') === true ||
          dict !== undefined ||
          inRe === 'NETWORK_CONFIG_REQUEST') &&
        !seen.has(frame),
    );
    expect(missing.map(({ frame }) => frame)).toEqual([
      // The push that follows the first answer, with the same configuration.
      47, 72,
      // Two more revocations within 16 ms, for a deleted network: we send them when they will be read.
      687,
      688, 689, 690,
    ]);
  });
});
