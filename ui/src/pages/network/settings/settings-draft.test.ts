import { describe, expect, it } from 'vitest';

import { differences, namedSettings, type NetworkSettings } from './network-settings.ts';
import {
  checkDraft,
  draftOf,
  rebased,
  touchedNames,
  type SettingsDraft,
} from './settings-draft.ts';

const settings: NetworkSettings = {
  name: 'lab',
  description: 'two\nlines',
  isPrivate: true,
  routes: [
    { target: '10.147.17.0/24', via: null },
    { target: '10.1.0.0/16', via: '10.147.17.5' },
  ],
  assignsIpv4: true,
  assignsIpv6: false,
  pools: [{ first: '10.147.17.1', last: '10.147.17.254' }],
  assignsRfc4193: true,
  assigns6plane: false,
  dns: { domain: 'lan.example', servers: ['10.147.17.5', 'fd00::1'] },
  multicastLimit: 32,
  hasBroadcast: true,
  mtu: 2_800,
};
const draft = draftOf(settings);

function errors(change: Partial<SettingsDraft>): Record<string, string> {
  const checked = checkDraft({ ...draft, ...change });
  return checked.kind === 'errors' ? Object.fromEntries(checked.errors) : {};
}

describe('a draft of settings', () => {
  it('is the settings that it was made of', () => {
    expect(checkDraft(draft)).toEqual({ kind: 'settings', settings });
    expect(touchedNames(settings, draft)).toEqual([]);
  });

  it.each<[Partial<SettingsDraft>, string]>([
    [{ name: 'x'.repeat(128) }, 'name'],
    [{ name: 'ξ' }, 'name'],
    [{ mtu: '1279' }, 'mtu'],
    [{ mtu: '1.5e3' }, 'mtu'],
    [{ mtu: '' }, 'mtu'],
    [{ multicastLimit: '4294967296' }, 'multicastLimit'],
    [{ multicastLimit: '-1' }, 'multicastLimit'],
    [{ routes: [{ target: '10.1.0.0', via: '' }] }, 'routes.0.target'],
    [{ routes: [{ target: '10.1.0.0/33', via: '' }] }, 'routes.0.target'],
    [{ routes: [{ target: '10.1.0.0/16', via: 'fd00::1' }] }, 'routes.0.via'],
    [{ routes: [{ target: '10.1.0.0/16', via: '10.1' }] }, 'routes.0.via'],
    [{ pools: [{ first: '0.0.0.0', last: '10.0.0.1' }] }, 'pools.0.first'],
    [{ pools: [{ first: '10.0.0.2', last: '10.0.0.1' }] }, 'pools.0.last'],
    [{ pools: [{ first: '10.0.0.2', last: 'fd00::1' }] }, 'pools.0.last'],
    [{ pools: [{ first: '10.0.0.2', last: '' }] }, 'pools.0.last'],
    [{ servers: 'a.example' }, 'servers'],
    [{ servers: '' }, 'servers'],
    [{ servers: '1.1.1.1 1.1.1.2 1.1.1.3 1.1.1.4 1.1.1.5' }, 'servers'],
    [{ domain: '' }, 'domain'],
  ])('%j is wrong in the field %s alone', (change, field) => {
    expect(Object.keys(errors(change))).toEqual([field]);
  });

  it('forgives white space and commas', () => {
    const spaced = {
      ...draft,
      name: ' lab ',
      mtu: ' 2800',
      routes: draft.routes.map(({ target, via }) => ({ target: ` ${target}`, via: `${via} ` })),
      servers: '10.147.17.5,fd00::1 ',
    };
    expect(checkDraft(spaced)).toEqual({ kind: 'settings', settings });
  });

  it('knows what was touched, also while it is wrong', () => {
    expect(touchedNames(settings, { ...draft, mtu: '1400', servers: '10.0.0.1' })).toEqual([
      'dns',
      'mtu',
    ]);
    expect(touchedNames(settings, { ...draft, mtu: 'x', domain: 'other.example' })).toEqual([
      'dns',
      'mtu',
    ]);
  });

  it('keeps what was touched on top of what others have changed', () => {
    const latest = { ...settings, name: 'office', mtu: 9_000, dns: { domain: '', servers: [] } };
    const mine = { ...draft, mtu: '1400', pools: [] };
    expect(rebased(settings, mine, latest)).toEqual({
      ...draftOf(latest),
      mtu: '1400',
      pools: [],
    });
  });
});

describe('what is different', () => {
  it('is said in words', () => {
    const after = {
      ...settings,
      name: '',
      isPrivate: false,
      routes: [],
      dns: { domain: '', servers: [] },
    };
    expect(differences(settings, after)).toEqual([
      { name: 'name', before: 'lab', after: 'none' },
      { name: 'isPrivate', before: 'yes', after: 'no' },
      { name: 'routes', before: '10.147.17.0/24, 10.1.0.0/16 over 10.147.17.5', after: 'none' },
      { name: 'dns', before: 'lan.example at 10.147.17.5, fd00::1', after: 'none' },
    ]);
  });

  it('names of a change only what stands in it', () => {
    expect(namedSettings({ mtu: 1_400, pools: [] })).toEqual([
      { name: 'pools', value: 'none' },
      { name: 'mtu', value: '1400' },
    ]);
  });
});
