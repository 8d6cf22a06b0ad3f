import { describe, expect, it } from 'vitest';

import { ip } from '../../../test/core/small-world.ts';
import type { Address } from '../../base/ids.ts';
import { EndpointTable } from '../endpoint.ts';
import { Path } from './path.ts';
import { SelfAwareness } from './self-awareness.ts';

const endpoints = new EndpointTable();
const from = (at: string): Path => new Path(1, endpoints.of(ip(at)));
const root = 1 as Address;
const other = 2 as Address;

describe('self-awareness', () => {
  it('knows the addresses at which others see us, for 10 minutes', () => {
    const self = new SelfAwareness(10);
    self.report(0, root, from('8.8.8.8/1'), ip('9.9.9.9/5'), true);
    self.report(0, other, from('8.8.4.4/1'), ip('9.9.9.9/5'), false);
    self.report(1, other, from('8.8.4.4/2'), ip('9.9.9.9/6'), false);
    expect(self.addresses(0)).toEqual([ip('9.9.9.9/5'), ip('9.9.9.9/6')]);
    expect(self.addresses(600_000)).toEqual([ip('9.9.9.9/6')]);
    self.expire(600_001);
    expect(self.size).toBe(0);
  });

  it('passes over reports of another scope than the way they came', () => {
    const self = new SelfAwareness(10);
    self.report(0, root, from('10.0.0.1/1'), ip('9.9.9.9/5'), true);
    self.report(0, root, from('8.8.8.8/1'), { kind: 'nil' }, true);
    expect(self.size).toBe(0);
  });

  it('tells when a root sees us at another IP, not for a port or from anybody else', () => {
    const self = new SelfAwareness(10);
    self.report(0, root, from('8.8.8.8/1'), ip('9.9.9.9/5'), true);
    self.report(0, other, from('8.8.4.4/1'), ip('9.9.9.9/5'), false);
    expect(self.report(1, root, from('8.8.8.8/1'), ip('9.9.9.9/6'), true)).toBeNull();
    expect(self.report(1, other, from('8.8.4.4/1'), ip('9.9.9.7/6'), false)).toBeNull();
    expect(self.report(2, root, from('8.8.8.8/1'), ip('9.9.9.8/6'), true)).toEqual({
      scope: 'global',
      family: 'ipv4',
    });
    // What others said before is void.
    expect(self.addresses(2)).toEqual([ip('9.9.9.8/6')]);
  });

  it('forgets the oldest report when there are too many', () => {
    const self = new SelfAwareness(3);
    for (let i = 1; i <= 9; i++)
      self.report(i, i as Address, from('8.8.8.8/1'), ip(`9.9.9.${i}/5`), false);
    expect(self.addresses(10)).toEqual([ip('9.9.9.7/5'), ip('9.9.9.8/5'), ip('9.9.9.9/5')]);
  });
});
