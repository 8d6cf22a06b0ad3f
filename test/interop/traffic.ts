/** Traffic between members: echo of every kind, and bulk. Throws a Failure where it does not pass. */
import { receiverWords, senderWords } from '../e2e/tcp-copy.ts';
import { subnet, type Lab } from './lab.ts';
import type { LabNode } from './node.ts';
import { untilAnswered, type Pinger, type PingOptions } from './ping.ts';
import type { Row } from './report.ts';
import { must, until } from './wait.ts';

/** Bytes of a datagram that take two packets of the underlay. */
const fragmentedBytes = 2_700;

/** The beginnings of a member's addresses, by the name of the kind. */
const kinds: readonly (readonly [string, string])[] = [
  ['IPv4', `${subnet}.`],
  ['RFC 4193', 'fd'],
  ['6PLANE', 'fc'],
];

/** The two directions. */
export function directions(lab: Lab): readonly (readonly [LabNode, LabNode, string])[] {
  const { A, B } = lab.nodes;
  return [
    [A, B, 'A to B'],
    [B, A, 'B to A'],
  ];
}

/** Every request is answered. @returns the median of the round trips, in words */
export async function answered(
  from: Pinger,
  address: string,
  options: PingOptions = {},
): Promise<string> {
  const { sent, received, rtt_ms, failure } = await from.ping(address, options);
  must(
    received === sent,
    `${received} of ${sent} answered${failure === null ? '' : `, ${failure}`}`,
  );
  const median = rtt_ms.toSorted((a, b) => a - b)[rtt_ms.length >> 1] ?? Number.NaN;
  return `${median.toFixed(1)} ms`;
}

/** The IPv4 addresses of A and B. */
export async function addressesOf(lab: Lab): Promise<ReadonlyMap<LabNode, string>> {
  const members = [lab.nodes.A, lab.nodes.B];
  const addresses = members.map(
    async (node) => [node, await lab.addressOf(node, `${subnet}.`)] as const,
  );
  return new Map(await Promise.all(addresses));
}

/**
 * Pings in both directions from now on, whatever happens meanwhile, until each is answered.
 *
 * @returns for each direction the seconds until its first answer; fails after `secondsMax`
 */
export function firstAnswers(
  lab: Lab,
  addresses: ReadonlyMap<LabNode, string>,
  secondsMax: number,
): readonly (readonly [string, Promise<number>])[] {
  return directions(lab).map(([from, to, direction]) => {
    const answer = untilAnswered(from, addresses.get(to) ?? '', secondsMax);
    // It may fail before anybody waits for it.
    answer.catch(() => undefined);
    return [direction, answer] as const;
  });
}

/** IPv4 in one packet and in two, and IPv6 of both kinds, in both directions. */
export async function echoRows(lab: Lab, row: Row): Promise<void> {
  for (const [kind, beginning] of kinds)
    for (const [from, to, direction] of directions(lab))
      await row(`${kind} ${direction}`, async () =>
        answered(from, await lab.addressOf(to, beginning)),
      );
  for (const [from, to, direction] of directions(lab))
    await row(`fragments ${direction}`, async () =>
      answered(from, await lab.addressOf(to, `${subnet}.`), { bytes: fragmentedBytes }),
    );
}

/**
 * The other member answers what is sent to all: IPv6 multicast, IPv4 broadcast. The seconds until it does: official
 * members announce the broadcast group only with their next round of announcements.
 */
export async function groupRows(lab: Lab, row: Row): Promise<void> {
  for (const node of [lab.nodes.A, lab.nodes.B])
    await node.run('sysctl', '-qw', 'net.ipv4.icmp_echo_ignore_broadcasts=0');
  const reached = async (from: LabNode, to: LabNode, address: string): Promise<number> => {
    const device = await lab.deviceOf(from);
    const own = await to.run('ip', '-o', 'address', 'show', 'dev', await lab.deviceOf(to));
    return until(`${to.name} answers`, 130, async () => {
      const { sources } = await from.ping(address, { count: 1, waitSeconds: 1, device });
      return sources.some((source) => own.includes(` ${source}/`));
    });
  };
  for (const [from, to, direction] of directions(lab)) {
    await row(`multicast ${direction} after`, () => reached(from, to, 'ff02::1'));
    await row(`broadcast ${direction} after`, () => reached(from, to, `${subnet}.255`));
  }
}

/** Bytes over TCP in both directions, compared by digest; not captured. */
export async function bulkRows(lab: Lab, row: Row, mebibytes: number): Promise<void> {
  await lab.stopCapture();
  for (const [from, to, direction] of directions(lab))
    await row(`TCP ${mebibytes} MiB ${direction}`, async () => {
      const address = await lab.addressOf(to, `${subnet}.`);
      const receiving = to.run(...receiverWords(address));
      // It may end before it is waited for.
      receiving.catch(() => undefined);
      await until('the receiver listens', 20, async () => {
        return (await to.run('ss', '-Hltn', 'src', address)) !== '';
      });
      const beganMs = performance.now();
      const sent = await from.run(...senderWords(address, mebibytes));
      const received = (await receiving).split('\n')[1] ?? '';
      must(digestOf(sent) === digestOf(received), `sent ${sent.trim()}, received ${received}`);
      return `${((mebibytes * 8.388608) / ((performance.now() - beganMs) / 1_000)).toFixed(0)} Mbit/s`;
    });
  await lab.startCapture();
}

function digestOf(said: string): string {
  return (JSON.parse(said) as { digest: string }).digest;
}

/** How much of what is pinged crosses the root: 0 where A and B are direct, 1 where everything is relayed. */
export async function relayedShare(lab: Lab): Promise<number> {
  const { R, A, B } = lab.nodes;
  // Enough of it that what members say to their root meanwhile, some kilobytes after joining, does not count.
  const [count, bytes] = [100, 1_000];
  const address = await lab.addressOf(B, `${subnet}.`);
  const before = (await lab.counters(R)).bytesIn;
  await A.ping(address, { count, bytes, intervalSeconds: 0.02 });
  return ((await lab.counters(R)).bytesIn - before) / (2 * count * bytes);
}
