/**
 * Two members of one network in this process, without sockets, devices or time that passes: what the machine itself costs.
 * One of them is root and controller too.
 */
import type { NetworkId } from '../src/base/ids.ts';
import { Controller } from '../src/controller/controller.ts';
import { EndpointTable, type Endpoint } from '../src/core/endpoint.ts';
import { Node } from '../src/core/node.ts';
import type { DatagramBatch, FrameBatch, Now } from '../src/core/ports.ts';
import { Networks } from '../src/core/vl2/networks.ts';
import type { CryptoProvider } from '../src/crypto/provider.ts';
import type { SecretIdentity } from '../src/wire/identity.ts';
import { ip, planetOf, seeded } from '../test/core/small-world.ts';
import { testIdentity } from '../test/vectors/identities.ts';

const endpoints = new EndpointTable();
const root = testIdentity(0);
const planet = planetOf([{ identity: root, endpoints: ['10.77.0.1/9993'] }]);

/** One of the two. */
export class BenchMember {
  readonly node: Node;
  readonly identity: SecretIdentity;
  readonly endpoint: string;
  controller: Controller | null = null;

  constructor(provider: CryptoProvider, identity: SecretIdentity, endpoint: string) {
    this.identity = identity;
    this.endpoint = endpoint;
    this.node = new Node({
      identity,
      provider,
      entropy: seeded(endpoint),
      planet,
      networks: (vl1, frames) => new Networks({ vl1, frames, platform: 'bench' }),
      ...(identity === root && {
        controller: (vl1) => (this.controller = new Controller(vl1)),
      }),
    });
  }
}

/** See the head of this file. */
export class TwoMembers {
  readonly a: BenchMember;
  readonly b: BenchMember;
  readonly networkId: NetworkId;
  #monoMs = 1_000;

  constructor(provider: CryptoProvider) {
    this.a = new BenchMember(provider, root, '10.77.0.1/9993');
    this.b = new BenchMember(provider, testIdentity(1), '10.77.0.2/9993');
    for (const { node, endpoint } of [this.a, this.b])
      node.handleSockets(this.now, [{ id: 1, local: endpoints.of(ip(endpoint)) }]);
    const { controller } = this.a;
    if (controller === null) throw new Error('the root is the controller');
    this.networkId = controller.createNetwork(this.now, { isPrivate: false }).networkId;
    this.#pass(1_000);
    for (const { node } of [this.a, this.b]) node.join(this.now, this.networkId);
    this.#pass(10_000);
  }

  get now(): Now {
    return { monoMs: this.#monoMs, wallMs: 1_700_000_000_000 + this.#monoMs };
  }

  /** Takes the datagrams of one to the other. @returns how many */
  carry(from: BenchMember, to: BenchMember): number {
    const { datagrams } = from.node;
    const { count } = datagrams;
    if (count > 0) to.node.handleDatagrams(this.now, this.#arrived(datagrams, from));
    datagrams.clear();
    return count;
  }

  /** What was sent, as it arrives: in memory of its own, since it is opened in place. */
  #arrived(sent: DatagramBatch, from: BenchMember): DatagramBatch {
    const source = endpoints.of(ip(from.endpoint));
    return {
      ...copyOf(sent),
      endpoints: new Array<Endpoint | null>(sent.count).fill(source),
      sockets: new Int32Array(sent.count).fill(1),
      ttls: new Uint8Array(sent.count),
    };
  }

  #pass(ms: number): void {
    for (const endMs = this.#monoMs + ms; this.#monoMs < endMs; this.#monoMs += 50)
      for (const [from, to] of [
        [this.a, this.b],
        [this.b, this.a],
      ] as const) {
        from.node.handleTimeout(this.now);
        while (this.carry(from, to) + this.carry(to, from) > 0);
        from.node.takeEvents();
        from.node.frames.clear();
        // The identities are known to be valid.
        for (let who = from.node.takeValidation(); who !== null; who = from.node.takeValidation())
          from.node.handleValidation(this.now, who, true);
      }
  }
}

/** The datagrams of a batch with memory of their own. */
export function copyOf(
  batch: DatagramBatch,
): Pick<DatagramBatch, 'bytes' | 'starts' | 'ends' | 'count'> {
  const { count } = batch;
  const end = count === 0 ? 0 : (batch.ends[count - 1] as number);
  return {
    bytes: batch.bytes.slice(0, end),
    starts: batch.starts.slice(0, count),
    ends: batch.ends.slice(0, count),
    count,
  };
}

/** So many IPv4 UDP frames of one length. @param length - of each, its Ethernet header included */
export function framesOf(
  networkId: NetworkId,
  [from, to]: readonly [number, number],
  count: number,
  length: number,
): FrameBatch {
  const bytes = new Uint8Array(count * length);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < bytes.length; at += length) {
    for (const [offset, mac] of [
      [0, to],
      [6, from],
    ] as const) {
      view.setUint16(at + offset, Math.floor(mac / 0x1_0000_0000));
      view.setUint32(at + offset + 2, mac % 0x1_0000_0000);
    }
    view.setUint16(at + 12, 0x0800);
    bytes.set([0x45, 0, (length - 14) >> 8, (length - 14) & 0xff, 0, 0, 0, 0, 64, 17], at + 14);
    bytes.set([10, 0, 0, 1, 10, 0, 0, 2], at + 26);
  }
  return {
    bytes,
    starts: Int32Array.from({ length: count }, (_, i) => i * length),
    ends: Int32Array.from({ length: count }, (_, i) => (i + 1) * length),
    networks: new Array<NetworkId>(count).fill(networkId),
    count,
  };
}
