/**
 * The multicast addresses that the kernel listens to on its devices: `/proc/net/dev_mcast`, of the network namespace of
 * this process. Groups of IPv4 and IPv6 are among them as the Ethernet addresses that they map to, so that nothing else
 * need be read.
 *
 * Each line: index of the device, its name, users, global users, 12 hexadecimal digits. Source: proc(5).
 */
import { readFileSync } from 'node:fs';

import { parseMac } from '../../base/ids.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { groupsMax } from './port.ts';

/** @param read - gives the file; another one in tests @returns nothing where it cannot be read */
export function deviceGroups(
  device: string,
  read: () => string = readDevMcast,
): readonly MulticastGroup[] {
  const groups: MulticastGroup[] = [];
  for (const line of read().split('\n')) {
    const [, name, , , digits = ''] = line.trim().split(/\s+/);
    const mac = name === device ? parseMac(digits) : null;
    if (mac !== null && groups.length < groupsMax) groups.push({ mac, adi: 0 });
  }
  return groups;
}

function readDevMcast(): string {
  try {
    return readFileSync('/proc/net/dev_mcast', 'utf8');
  } catch {
    return '';
  }
}
