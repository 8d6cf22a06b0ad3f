import { describe, expect, it } from 'vitest';

import { formatMac } from '../../base/ids.ts';
import { deviceGroups } from './device-groups.ts';
import { groupsMax } from './port.ts';

// As Linux 6.18 writes it.
const devMcast = `1    lo              1     0     333300000001
2    ztabc           1     0     333300000001
2    ztabc           1     0     01005e000001
2    ztabc           1     0     3333ffccdde0
3    ztabcd          2     1     01005e0000fb
`;

describe('the groups of a device', () => {
  it('are those of its lines, and of no other device', () => {
    const groups = deviceGroups('ztabc', () => devMcast);
    expect(groups.map(({ mac, adi }) => `${formatMac(mac)} ${adi}`)).toEqual([
      '33:33:00:00:00:01 0',
      '01:00:5e:00:00:01 0',
      '33:33:ff:cc:dd:e0 0',
    ]);
    expect(deviceGroups('none', () => devMcast)).toEqual([]);
  });

  it('are none of what is no address', () => {
    expect(deviceGroups('a', () => '1 a 1 0 00\n1 a\n\n1 a 1 0 0011223344556677\n')).toEqual([]);
    expect(deviceGroups('a', () => '')).toEqual([]);
  });

  it('are no more than a bound', () => {
    const lines = Array.from(
      { length: groupsMax + 5 },
      (_, i) => `1 a 1 0 0100${i.toString(16).padStart(8, '0')}`,
    );
    expect(deviceGroups('a', () => lines.join('\n'))).toHaveLength(groupsMax);
  });
});
