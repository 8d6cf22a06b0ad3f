import { describe, expect, it } from 'vitest';

import { availableEngines, engines, enginesNamed } from '../../src/harness/engine/index.ts';
import { engineConformance, type EngineExpectations } from './engine.ts';

const expectations: Readonly<Record<string, EngineExpectations>> = {
  direct: {
    path: {
      description: 'veth eth0, MTU 1500',
      interface: 'eth0',
      encapsulation: null,
      underlayInterface: 'eth0',
    },
    fragmentCount: 1,
    overheadBytes: 0,
    hasDaemons: false,
  },
  vxlan: {
    path: {
      description: 'vxlan 42 over eth0, UDP 4789, MTU 1450',
      interface: 'vxlan42',
      encapsulation: 'vxlan',
      underlayInterface: 'eth0',
      mtuBytes: 1450,
      underlayMtuBytes: 1500,
    },
    fragmentCount: 1,
    // Outer Ethernet 14, IPv4 20, UDP 8, VXLAN 8, and the inner Ethernet 14 that the VXLAN link does not count.
    overheadBytes: 64,
    hasDaemons: false,
  },
  overspan: zerotier(9993),
  'zerotier-one': zerotier(9994),
  'wireguard-go': {
    ...tunnel('wireguard', { link: 'wg0', port: 51_820, mtuBytes: 1420 }),
    // Outer Ethernet 14, IPv4 20, UDP 8, header 16, tag 16; 528 needs no padding.
    overheadBytes: 74,
  },
  nebula: tunnel('nebula', { link: 'nebula1', port: 4242, mtuBytes: 1300 }),
  tinc: tunnel('tinc', { link: 'tinc0', port: 655, mtuBytes: 1437 }),
  openvpn: {
    ...tunnel('openvpn', { link: 'ovpn0', port: 1194, mtuBytes: 1500 }),
    fragmentCount: 2,
  },
};

function tunnel(
  encapsulation: string,
  facts: { readonly link: string; readonly port: number; readonly mtuBytes: number },
): EngineExpectations {
  const { link, port, mtuBytes } = facts;
  return {
    path: {
      description: `tun ${link} over eth0, UDP ${port}, MTU ${mtuBytes}`,
      interface: link,
      encapsulation,
      underlayInterface: 'eth0',
      mtuBytes,
      underlayMtuBytes: 1500,
    },
    fragmentCount: 1,
    overheadBytes: null,
    hasDaemons: true,
  };
}

function zerotier(port: number): EngineExpectations {
  return {
    path: {
      description: expect.stringMatching(
        new RegExp(`^tap zt\\w{8} over eth0, UDP ${port}, MTU 2800$`),
      ) as string,
      interface: expect.stringMatching(/^zt\w{8}$/) as string,
      encapsulation: 'zerotier',
      underlayInterface: 'eth0',
      mtuBytes: 2800,
      underlayMtuBytes: 1500,
    },
    fragmentCount: 2,
    overheadBytes: null,
    hasDaemons: true,
  };
}

describe.each(engines)('the engine $name', (engine) => {
  engineConformance(engine, expectations[engine.name]!);
});

describe('the registry of engines', () => {
  it('finds engines by name, each once and in the order asked for', () => {
    const names = enginesNamed(['vxlan', 'direct', 'vxlan']).map(({ name }) => name);
    expect(names).toEqual(['vxlan', 'direct']);
  });

  it('says which of them this machine can run, in order, and what the others lack', async () => {
    const { names, lacking } = await availableEngines();
    const all = engines.map(({ name }) => name);
    expect(names).toEqual(all.filter((name) => names.includes(name)));
    expect(names[0]).toBe('direct');
    expect([...names, ...lacking.map(({ name }) => name)].sort()).toEqual(all.sort());
    for (const { findings } of lacking) expect(findings[0]?.remedy).toBeTruthy();
  });

  it('says which there are when one is unknown', () => {
    expect(() => enginesNamed(['direct', 'pigeon'])).toThrow(
      expect.objectContaining({
        code: 'ENGINE_NOT_FOUND',
        remedy: expect.stringContaining('direct, vxlan, overspan') as string,
      }) as Error,
    );
  });
});
