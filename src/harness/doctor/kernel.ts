/** What the kernel allows and uses: namespaces, the clock source, the congestion control. */
import { readFileSync } from 'node:fs';

import { errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { canUseRoot, startHolder } from '../../sys/namespace.ts';
import { congestionControl } from '../lab/link.ts';
import { refusalRemedy } from '../lab/shell.ts';
import { missing, ok, warning, type Finding } from './finding.ts';

/** Makes namespaces both ways and lets them go. One of the two is enough. */
export async function namespaceFindings(signal?: AbortSignal): Promise<Finding[]> {
  const asRoot = await canUseRoot(signal);
  const refusal = await tryRootless();
  const bad = asRoot ? warning : missing;
  return [
    asRoot
      ? ok('namespaces-root', 'network namespaces can be made as root')
      : warning(
          'namespaces-root',
          process.getuid?.() === 0
            ? 'root may not make network namespaces here (a container?)'
            : 'not root: labs are made rootless',
          // Rootless is as good for a lab; only where both are refused is there something to do.
          refusal === null ? null : refusalRemedy(refusal),
        ),
    refusal === null
      ? ok('namespaces-rootless', 'network namespaces can be made without root')
      : bad(
          'namespaces-rootless',
          `without root: ${errorMessage(refusal)}`,
          refusalRemedy(refusal),
        ),
  ];
}

/** @returns the error, or null when it worked */
async function tryRootless(): Promise<unknown> {
  try {
    await (await startHolder()).stop();
    return null;
  } catch (error) {
    return error;
  }
}

/** Clock sources that are read without leaving user space or in a few dozen ns; others cost a microsecond or more. */
const fastClockSources = ['tsc', 'kvm-clock', 'arch_sys_counter', 'hyperv_clocksource_tsc_page'];

/** Whether reading the time is cheap enough to measure microseconds. */
export function clockFinding(): Finding {
  const name = line('/sys/devices/system/clocksource/clocksource0/current_clocksource');
  if (name === null) return warning('clock-source', 'the clock source cannot be read', null);
  return fastClockSources.includes(name)
    ? ok('clock-source', `clock source ${escapeText(name)}`)
    : warning(
        'clock-source',
        `clock source ${escapeText(name)} is slow to read: latencies carry its cost`,
        'echo tsc | sudo tee /sys/devices/system/clocksource/clocksource0/current_clocksource',
      );
}

/** Whether the congestion control of the lab is there. */
export function congestionFinding(): Finding {
  const available = line('/proc/sys/net/ipv4/tcp_available_congestion_control')?.split(' ') ?? [];
  const used = line('/proc/sys/net/ipv4/tcp_congestion_control') ?? 'unknown';
  const host = used === congestionControl ? '' : `; the host's default is ${escapeText(used)}`;
  return available.includes(congestionControl)
    ? ok('congestion-control', `labs use ${congestionControl}${host}`)
    : warning(
        'congestion-control',
        `${congestionControl} is not loaded: labs use ${escapeText(used)}`,
        `sudo modprobe tcp_${congestionControl}`,
      );
}

function line(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
  }
}
