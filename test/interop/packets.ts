/** What was captured in a lab, decoded by `overspan wire decode` with the secrets of all three nodes. */
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { spawnProcess } from '../../src/sys/process.ts';
import type { Lab } from './lab.ts';
import type { LabNode } from './node.ts';
import type { Row } from './report.ts';
import { must } from './wait.ts';

/** A packet, whole. */
export interface Packet {
  /** Whose it is, and for whom, over a root, too: names of nodes, or addresses where it is none of ours. */
  readonly from: string;
  readonly to: string;
  /** 0: clear, 1: Salsa20, 3: AES. */
  readonly suite: number;
  readonly verb: string;
  /** Why it could not be opened or read; null where it could. */
  readonly problem: string | null;
  /** Of its signatures those that are wrong. */
  readonly wrongSignatures: readonly string[];
}

/** As `wire decode --json` prints a record. */
interface PacketRecord {
  readonly kind: string;
  readonly frame: number;
  readonly source: string;
  readonly destination: string;
  readonly suite: number;
  readonly verb?: string;
  readonly problem: { readonly message: string } | null;
  readonly signatures?: readonly { readonly what: string; readonly verdict: string }[];
}

/** Every packet so far. Over the root a packet is seen twice, and counts twice. */
export async function capturedPackets(lab: Lab): Promise<readonly Packet[]> {
  await lab.stopCapture();
  const packets: Packet[] = [];
  for (const file of lab.captures) await readInto(packets, lab, file);
  return packets;
}

/** How many packets from a node to another are Salsa20, and how many AES. */
export function countSuites(
  packets: readonly Packet[],
  from: LabNode,
  to: LabNode,
): readonly [number, number] {
  const sent = packets.filter((packet) => packet.from === from.name && packet.to === to.name);
  const count = (wanted: number): number => sent.filter(({ suite }) => suite === wanted).length;
  return [count(1), count(3)];
}

async function readInto(packets: Packet[], lab: Lab, file: string): Promise<void> {
  const names = new Map<string, string>(lab.all.map(({ address, name }) => [address, name]));
  const secrets = lab.all.map(({ home }) => join(home, 'identity.secret'));
  const program = join(import.meta.dirname, '../../dist/cli/main.js');
  const child = await spawnProcess(
    [process.execPath, program, 'wire', 'decode', '--json', file, '--identity', ...secrets],
    { stderr: 'ignore' },
  );
  for await (const line of createInterface({ input: child.stdout! })) {
    const record = JSON.parse(line) as PacketRecord;
    if (record.kind !== 'packet') continue;
    const { source, destination, suite, verb = '?', problem, signatures = [] } = record;
    packets.push({
      from: names.get(source) ?? source,
      to: names.get(destination) ?? destination,
      suite,
      verb,
      problem: problem === null ? null : `frame ${record.frame}: ${problem.message}`,
      wrongSignatures: signatures
        .filter(({ verdict }) => verdict === 'bad')
        .map(({ what }) => `frame ${record.frame}: ${what}`),
    });
  }
  const { exitCode } = await child.exited;
  must(exitCode === 0, `wire decode ended with ${exitCode}`);
}

/** No packet stayed closed or unread, no code and no signature is wrong. */
export async function packetRow(lab: Lab, row: Row): Promise<void> {
  await row('packets that open and hold', async () => {
    const packets = await capturedPackets(lab);
    const wrong = packets.flatMap(({ from, to, verb, problem, wrongSignatures }) =>
      [...(problem === null ? [] : [problem]), ...wrongSignatures].map(
        (what) => `${from} to ${to} ${verb}, ${what}`,
      ),
    );
    must(packets.length > 0, 'nothing was captured');
    must(wrong.length === 0, `${wrong.length} of ${packets.length} do not: ${wrong[0] ?? ''}`);
    return String(packets.length);
  });
}
