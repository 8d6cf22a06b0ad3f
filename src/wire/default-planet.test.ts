import { describe, expect, it } from 'vitest';

import { loadVectors } from '../../test/vectors/load.ts';
import { toHex } from '../base/bytes.ts';
import { formatAddress } from '../base/ids.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { encode } from './codec.ts';
import { defaultPlanet, defaultPlanetBytes } from './default-planet.ts';
import { isValidIdentity } from './identity.ts';
import { formatInetAddress } from './inet-address.ts';
import { verifyWorld, world } from './world.ts';

describe('the built-in planet', () => {
  const planet = defaultPlanet();

  it('is the one of the reference', () => {
    const { default_planet } = loadVectors<{ default_planet: { binary: string } }>('worlds.json');
    expect(toHex(defaultPlanetBytes())).toBe(default_planet.binary);
    expect(toHex(encode(world, planet))).toBe(default_planet.binary);
    expect(defaultPlanetBytes()).toHaveLength(570);
  });

  it('is the world of vl1.md 5.4 with its four roots', () => {
    expect(planet.kind).toBe('planet');
    expect(planet.id).toBe(149604618n);
    expect(planet.timestamp).toBe(1644592324813n);
    expect(
      planet.roots.map(({ identity, endpoints }) =>
        [formatAddress(identity.address), ...endpoints.map(formatInetAddress)].join(' '),
      ),
    ).toEqual([
      'cafe9efeb9 104.194.8.134/9993 2605:9880:200:1200:30:571:e34:51/9993',
      '778cde7190 103.195.103.66/9993 2605:9880:400:c3:254:f2bc:a1f7:19/9993',
      '62f865ae71 50.7.252.138/9993 2001:49f0:d0db:2::2/9993',
      'cafe04eba9 84.17.53.155/9993 2a02:6ea0:d405::9993/9993',
    ]);
  });

  it('was signed by the key that must sign its next revision', () => {
    expect(verifyWorld(nodeProvider(), planet.updateKey, planet)).toBe(true);
  });

  it('has roots whose addresses follow from their keys', () => {
    for (const { identity } of planet.roots)
      expect(isValidIdentity(nodeProvider(), identity)).toBe(true);
  });
});
