/** What `bench dataplane` measures on one path: iperf3 and sockperf from host a to host b, and the processor's time. */
import { readFileSync } from 'node:fs';

import { nsPerS } from '../src/base/clock.ts';
import type { LabEngine, LabHost } from '../src/harness/lab/index.ts';
import type { ProcessHandle } from '../src/sys/process.ts';

/** One visit's figures by the name of the metric; null where it failed. */
export type Figures = Readonly<Record<MetricName, number | null>>;

export interface Metric {
  readonly title: string;
  readonly digits: number;
  /** Shown alone, without ratios: it explains the others. */
  readonly isFact?: true;
}

/** In the order in which they are printed. */
export const metrics = {
  tcp1: { title: 'TCP, 1 stream, Gbit/s received', digits: 2 },
  tcp4: { title: 'TCP, 4 streams, Gbit/s received', digits: 2 },
  udp200: { title: 'UDP of 200 bytes, unlimited, 1000 packets/s received', digits: 1 },
  udp1400: { title: 'UDP of 1400 bytes, unlimited, 1000 packets/s received', digits: 1 },
  rrP50: { title: 'UDP request and response of 64 bytes, p50, µs', digits: 1 },
  rrP99: { title: 'UDP request and response of 64 bytes, p99, µs', digits: 1 },
  daemonCpu: { title: 'CPU-seconds per GB, daemons of both hosts (TCP, 1 stream)', digits: 2 },
  totalCpu: { title: 'CPU-seconds per GB, whole machine (TCP, 1 stream)', digits: 2 },
  retransmits: { title: 'TCP, 1 stream, retransmissions a second', digits: 0, isFact: true },
  linkPacket: {
    title: 'Bytes of a mean packet on the link (TCP, 1 stream)',
    digits: 0,
    isFact: true,
  },
  resident: { title: 'Resident memory of the daemons of both hosts, MB', digits: 0, isFact: true },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof metrics;

export interface VisitOptions {
  readonly a: LabHost;
  readonly b: LabHost;
  /** Of each of the five measurements. */
  readonly seconds: number;
  /** Told what failed and why. */
  readonly onFailure: (what: string) => void;
}

const iperfPort = 5201;
const sockperfPort = 11_111;

/** Visits a path: all measurements, one after the other. */
export async function visit(engine: LabEngine, options: VisitOptions): Promise<Figures> {
  const { b, seconds } = options;
  const address = engine.addressOf(b);
  const attempt = async <T>(what: string, measure: () => Promise<T>): Promise<T | null> => {
    try {
      return await measure();
    } catch (error) {
      options.onFailure(`${engine.name}, ${what}: ${String(error)}`);
      return null;
    }
  };
  const iperf = await startServer(
    b,
    ['iperf3', '-s', '-B', address, '-p', String(iperfPort), '--forceflush'],
    'Server listening',
  );
  let tcp1: TcpCost | null;
  let tcp4: Iperf | null;
  let udp200: number | null;
  let udp1400: number | null;
  try {
    tcp1 = await attempt('TCP', () => tcpWithCost(engine, address, options));
    tcp4 = await attempt('TCP of 4 streams', () =>
      runIperf(options, address, ['-C', 'cubic', '-P', '4'], seconds),
    );
    udp200 = await attempt('UDP of 200 bytes', () => udpRate(options, address, 200));
    udp1400 = await attempt('UDP of 1400 bytes', () => udpRate(options, address, 1400));
  } finally {
    await iperf.kill();
  }
  const rr = await attempt('sockperf', () => pingPong(options, address));
  return {
    tcp1: tcp1 === null ? null : tcp1.received.bitsPerS / 1e9,
    tcp4: tcp4 === null ? null : tcp4.bitsPerS / 1e9,
    udp200,
    udp1400,
    rrP50: rr?.p50Us ?? null,
    rrP99: rr?.p99Us ?? null,
    daemonCpu: tcp1?.daemonSPerGb ?? null,
    totalCpu: tcp1?.totalSPerGb ?? null,
    retransmits: tcp1?.retransmitsPerS ?? null,
    linkPacket: tcp1?.linkPacketBytes ?? null,
    resident: tcp1?.residentMb ?? null,
  };
}

/** Before the first round: code is compiled and neighbours are known. Not recorded. */
export async function warmUp(engine: LabEngine, options: VisitOptions): Promise<void> {
  const address = engine.addressOf(options.b);
  const argv = ['iperf3', '-s', '-B', address, '-p', String(iperfPort), '--forceflush'];
  const server = await startServer(options.b, argv, 'Server listening');
  try {
    await runIperf(options, address, ['-C', 'cubic'], 1);
  } finally {
    await server.kill();
  }
}

interface TcpCost {
  readonly received: Iperf;
  readonly daemonSPerGb: number | null;
  readonly totalSPerGb: number;
  readonly retransmitsPerS: number;
  readonly linkPacketBytes: number | null;
  readonly residentMb: number | null;
}

async function tcpWithCost(
  { network }: LabEngine,
  address: string,
  options: VisitOptions,
): Promise<TcpCost> {
  const { a, b, seconds } = options;
  const costs = (): ReturnType<typeof network.cost>[] => [network.cost(a), network.cost(b)];
  const [fromA, fromB] = await Promise.all(costs());
  const busyFrom = machineBusyS();
  const received = await runIperf(options, address, ['-C', 'cubic'], seconds);
  const busyS = machineBusyS() - busyFrom;
  const [toA, toB] = await Promise.all(costs());
  if (fromA === undefined || fromB === undefined || toA === undefined || toB === undefined)
    throw new Error('two hosts have two costs');
  const gigabytes = received.bytes / 1e9;
  const daemonNs = [
    [fromA, toA],
    [fromB, toB],
  ].map(([from, to]) => difference(from?.processCpuNs, to?.processCpuNs));
  const linkBytes = difference(fromA.underlayTxBytes, toA.underlayTxBytes);
  const linkPackets = difference(fromA.underlayTxPackets, toA.underlayTxPackets);
  return {
    received,
    daemonSPerGb: added(daemonNs, nsPerS * gigabytes),
    totalSPerGb: busyS / gigabytes,
    retransmitsPerS: received.retransmits / seconds,
    linkPacketBytes:
      linkBytes === null || linkPackets === null || linkPackets === 0
        ? null
        : linkBytes / linkPackets,
    residentMb: added([toA.residentBytes, toB.residentBytes], 1e6),
  };
}

/** What one run of iperf3 says of the receiver. */
interface Iperf {
  readonly bytes: number;
  readonly seconds: number;
  readonly bitsPerS: number;
  /** Of TCP, by the sender. */
  readonly retransmits: number;
}

interface IperfEnd {
  readonly error?: string;
  readonly end?: {
    readonly sum_sent?: { readonly retransmits?: number };
    readonly sum_received?: { readonly bytes: number; readonly seconds: number };
  };
}

async function runIperf(
  { a }: VisitOptions,
  address: string,
  words: readonly string[],
  seconds: number,
): Promise<Iperf> {
  const argv = ['iperf3', '-c', address, '-p', String(iperfPort), '-t', String(seconds), '-J'];
  const { stdout } = await a.run([...argv, ...words], { timeoutMs: (seconds + 15) * 1000 });
  const { end, error } = JSON.parse(stdout) as IperfEnd;
  const received = end?.sum_received;
  if (error !== undefined || received === undefined || received.bytes === 0)
    throw new Error(error ?? 'nothing was received');
  return {
    bytes: received.bytes,
    seconds: received.seconds,
    bitsPerS: (received.bytes * 8) / received.seconds,
    retransmits: end?.sum_sent?.retransmits ?? 0,
  };
}

/** @returns thousands of packets a second that arrived, of as many as the sender can send */
async function udpRate(options: VisitOptions, address: string, bytes: number): Promise<number> {
  const words = ['-u', '-b', '0', '-l', String(bytes)];
  const received = await runIperf(options, address, words, options.seconds);
  return received.bytes / bytes / received.seconds / 1000;
}

async function pingPong(
  { a, b, seconds }: VisitOptions,
  address: string,
): Promise<{ p50Us: number; p99Us: number }> {
  const where = ['-i', address, '-p', String(sockperfPort)];
  // It buffers its output where that is no terminal.
  const argv = ['stdbuf', '-oL', 'sockperf', 'server', ...where];
  const server = await startServer(b, argv, 'to block on socket');
  try {
    const { stdout } = await a.run(
      ['sockperf', 'ping-pong', ...where, '-m', '64', '-t', String(seconds), '--full-rtt'],
      { timeoutMs: (seconds + 15) * 1000 },
    );
    const at = (percentile: string): number => {
      const match = new RegExp(`percentile ${percentile}\\s*=\\s*([\\d.]+)`).exec(stdout);
      if (match === null) throw new Error(`no percentile ${percentile} in: ${stdout.slice(-300)}`);
      return Number(match[1]);
    };
    return { p50Us: at('50\\.000'), p99Us: at('99\\.000') };
  } finally {
    await server.kill();
  }
}

/** Starts a server and waits until it says that it listens. */
async function startServer(
  host: LabHost,
  argv: readonly string[],
  ready: string,
): Promise<ProcessHandle> {
  const child = await host.spawn(argv, { stderr: 'ignore', ownGroup: true });
  let said = '';
  const isReady = new Promise<boolean>((resolve) => {
    child.stdout?.on('data', (chunk: Uint8Array) => {
      if (said.length < 4096) said += Buffer.from(chunk).toString('utf8');
      if (said.includes(ready)) resolve(true);
    });
    void child.exited.then(() => {
      resolve(false);
    });
  });
  if (await isReady) return child;
  throw new Error(`${argv.join(' ')} ended: ${said}`);
}

/** Seconds that all processors of the machine have worked, for whomever: proc(5), /proc/stat, in ticks of 10 ms. */
function machineBusyS(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , interrupt = 0, softInterrupt = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + interrupt + softInterrupt) / 100;
}

function difference(from: number | null | undefined, to: number | null | undefined): number | null {
  return from === null || from === undefined || to === null || to === undefined ? null : to - from;
}

/** The sum in a unit; null where one is not known. */
function added(values: readonly (number | null)[], unit: number): number | null {
  let sum = 0;
  for (const value of values) {
    if (value === null) return null;
    sum += value;
  }
  return sum / unit;
}
