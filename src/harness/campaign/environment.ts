/**
 * The environment of a run: what this host is, and what it does with packets of each path. Taken before and after.
 *
 * Sources: /proc and /sys (proc(5), the kernel's admin-guide), os-release(5), `systemd-detect-virt`, `timedatectl`, and
 * what `environment-path.ts` asks. What is not there is null, never an error: a Mac has most of it null.
 */
import { readFile } from 'node:fs/promises';
import { cpus, hostname, loadavg, platform, release, totalmem, type } from 'node:os';

import type { Clock } from '../../base/clock.ts';
import { runCommand } from '../../sys/command.ts';
import {
  ask,
  takePathEnvironment,
  type EnvironmentTarget,
  type RunCommand,
} from './environment-path.ts';
import type { Environment } from './record.ts';

export type { EnvironmentTarget, RunCommand } from './environment-path.ts';

/** Where the facts come from; injected so that another host can be played. */
export interface EnvironmentSources {
  /** The text of a small file; null where it cannot be read. */
  readonly readText: (path: string) => Promise<string | null>;
  readonly run: RunCommand;
  /** What the runtime knows of the host by itself. */
  readonly host: () => HostFacts;
}

/** The runtime's own facts. */
export interface HostFacts {
  readonly hostname: string;
  /** `Linux`, `Darwin`. */
  readonly systemName: string;
  readonly systemRelease: string;
  readonly cpuModel: string | null;
  readonly cpuCount: number | null;
  readonly memoryBytes: number;
  /** Over 1, 5 and 15 minutes; null where the system has none. */
  readonly loadAverage: readonly number[] | null;
}

/**
 * This host.
 *
 * @param run - another way to run the tools: on a host of a lab, say, whose routes are not ours
 */
export function hostSources(run: RunCommand = runCommand): EnvironmentSources {
  return { run, readText: readSmallFile, host: readHostFacts };
}

export interface EnvironmentRequest {
  readonly when: Environment['when'];
  /** The reading of `clock` when the header was written: the record's origin of time. */
  readonly originNs: number;
  readonly clock: Clock;
  /** Of Overspan and of what it runs on, by name; Node's own are added. */
  readonly versions: Readonly<Record<string, string>>;
  readonly targets: readonly EnvironmentTarget[];
}

/** Takes the snapshot. Never throws; takes at most a few seconds where tools hang. */
export async function takeEnvironment(
  request: EnvironmentRequest,
  sources: EnvironmentSources,
): Promise<Environment> {
  const { clock, when } = request;
  const { readText, run } = sources;
  const atNs = clock.nowNs() - request.originNs;
  const atUnixMs = clock.wallMs();
  const host = sources.host();
  const line = async (path: string): Promise<string | null> => nonEmpty(await readText(path));
  const [osRelease, stat, governor, clockSource, congestion, virtualisation, synchronised, paths] =
    await Promise.all([
      readText('/etc/os-release'),
      readText('/proc/stat'),
      line('/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor'),
      line('/sys/devices/system/clocksource/clocksource0/current_clocksource'),
      line('/proc/sys/net/ipv4/tcp_congestion_control'),
      readVirtualisation(run, readText),
      readSynchronised(run, readText),
      Promise.all(request.targets.map((target) => takePathEnvironment(target, run))),
    ]);
  const { node, v8, uv, openssl } = process.versions;
  return {
    kind: 'environment',
    when,
    atNs,
    atUnixMs,
    hostname: host.hostname,
    os: /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(osRelease ?? '')?.[1] ?? null,
    kernel: `${host.systemName} ${host.systemRelease}`,
    cpuModel: host.cpuModel,
    cpuCount: host.cpuCount,
    cpuGovernor: governor,
    memoryBytes: host.memoryBytes,
    virtualisation,
    loadAverage: host.loadAverage === null ? null : [...host.loadAverage],
    processorTime: processorTimeIn(stat ?? ''),
    clockSource,
    clockStepNs: smallestStepNs(clock),
    clockSynchronised: synchronised,
    tcpCongestionControl: congestion,
    versions: { ...request.versions, node, v8, uv, openssl },
    paths: paths.map((path) => ({
      ...path,
      congestionControl: path.congestionControl ?? congestion,
    })),
  };
}

/** The smallest step between two readings that follow each other; null for a clock that stands still. */
export function smallestStepNs(clock: Clock): number | null {
  // Two thousand readings are below a millisecond, and enough to see the step of any clock source.
  let smallest = Infinity;
  let lastNs = clock.nowNs();
  for (let i = 0; i < 2_000; i++) {
    const nowNs = clock.nowNs();
    if (nowNs > lastNs) smallest = Math.min(smallest, nowNs - lastNs);
    lastNs = nowNs;
  }
  return smallest === Infinity ? null : smallest;
}

/** USER_HZ, the unit of /proc/stat: 100 on the systems that we run on. */
const msPerTick = 10;

/** The first line of /proc/stat (proc(5)): `cpu user nice system idle iowait irq softirq steal …`; what follows is in `user`. */
function processorTimeIn(stat: string): Environment['processorTime'] {
  const ticks = /^cpu +(\d+(?: \d+){7})/.exec(stat)?.[1]?.split(' ').map(Number);
  if (ticks === undefined) return null;
  const total = ticks.reduce((sum, each) => sum + each, 0);
  return { totalMs: total * msPerTick, stolenMs: (ticks[7] ?? 0) * msPerTick };
}

type ReadText = EnvironmentSources['readText'];

/** `kvm`, `none`, `wsl` …, or just that there is a hypervisor (x86 says so in cpuinfo). */
async function readVirtualisation(run: RunCommand, readText: ReadText): Promise<string | null> {
  // It exits with 1 where it says `none`, which is an answer too.
  const word = (await ask(run, ['sh', '-c', 'systemd-detect-virt || :']))?.trim() ?? '';
  if (/^[\w-]+$/.test(word)) return word;
  const cpuinfo = await readText('/proc/cpuinfo');
  return cpuinfo !== null && /^flags\s*:.*\bhypervisor\b/m.test(cpuinfo) ? 'hypervisor' : null;
}

/** What systemd knows of the kernel's STA_UNSYNC; null on hosts where nobody can be asked. */
async function readSynchronised(run: RunCommand, readText: ReadText): Promise<boolean | null> {
  const answer = await ask(run, ['timedatectl', 'show', '-p', 'NTPSynchronized', '--value']);
  if (answer?.trim() === 'yes') return true;
  if (answer?.trim() === 'no') return false;
  return (await readText('/run/systemd/timesync/synchronized')) === null ? null : true;
}

async function readSmallFile(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}

function readHostFacts(): HostFacts {
  const processors = cpus();
  return {
    hostname: hostname(),
    systemName: type(),
    systemRelease: release(),
    cpuModel: nonEmpty(processors[0]?.model ?? null),
    cpuCount: processors.length > 0 ? processors.length : null,
    memoryBytes: totalmem(),
    // Windows has no load average and gives zeros.
    loadAverage: platform() === 'win32' ? null : loadavg(),
  };
}

function nonEmpty(text: string | null): string | null {
  const trimmed = text?.trim();
  return trimmed === undefined || trimmed === '' ? null : trimmed;
}
