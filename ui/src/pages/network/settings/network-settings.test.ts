/** Which settings of a network are otherwise. */
import { expect, it } from 'vitest';

import { plainSettings } from '../../../synthetic/network-settings.ts';
import { changedNames, type NetworkSettings } from './network-settings.ts';

const before: NetworkSettings = {
  ...plainSettings,
  name: '',
  description: null,
  routes: [{ target: '10.1.0.0/16', via: null }],
  pools: [{ first: '10.1.0.1', last: '10.1.0.9' }],
  assignsIpv4: true,
};

it('are those with another value, whatever the words for it', () => {
  const none = { ...before, name: 'none', description: 'none' };
  expect(changedNames(before, none)).toEqual(['name', 'description']);
  expect(changedNames(before, { ...before, description: '' })).toEqual([]);
  const routes = [{ via: '10.1.0.1', target: '10.1.0.0/16' }];
  const dns = { domain: 'lab', servers: ['10.1.0.1'] };
  const others = { ...before, routes, pools: [], dns, mtu: 1_400, hasBroadcast: false };
  expect(changedNames(before, others)).toEqual(['routes', 'pools', 'dns', 'hasBroadcast', 'mtu']);
  const same = { ...before, routes: [{ via: null, target: '10.1.0.0/16' }] };
  expect(changedNames(before, same)).toEqual([]);
});
