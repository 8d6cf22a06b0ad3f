/** The operator's settings. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { ip } from '../../test/core/small-world.ts';
import { Home } from './home.ts';
import { parseLocalConf } from './local-conf-schema.ts';
import { emptyLocalConf, LocalConfFile } from './local-conf.ts';
import { lineLog } from './log.ts';

const parse = (text: string): ReturnType<typeof parseLocalConf> => parseLocalConf(text, 'conf');
const directory = mkdtempSync(join(tmpdir(), 'overspan-local-conf-'));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

describe('local.conf', () => {
  it('of the official lab asks for nothing that we do otherwise', () => {
    const file = new URL('../../test/vectors/captures/home/local.conf', import.meta.url);
    expect(parse(readFileSync(file, 'utf8'))).toEqual(emptyLocalConf);
  });

  it('sets port, addresses and interfaces', () => {
    const settings = { primaryPort: 9000, bind: ['192.0.2.1'], interfacePrefixBlacklist: ['eth'] };
    expect(parse(JSON.stringify({ settings }))).toEqual({ ...emptyLocalConf, ...settings });
  });

  it('says which addresses are not used, how large datagrams are, and where nodes may be', () => {
    const { paths, ignored } = parse(
      JSON.stringify({
        physical: {
          '10.0.0.0/8': { blacklist: true },
          'fd00::/8': { blacklist: false, mtu: 9_000, trustedPathId: 0 },
        },
        virtual: {
          '1A2b3c4d5e': { try: ['192.0.2.1/9993', '2001:db8::1/443'] },
          '2a2b3c4d5e': { blacklist: ['192.168.0.0/16'] },
        },
      }),
    );
    expect(paths.physical).toEqual([
      { network: ip('10.0.0.0/8'), isBlacklisted: true, mtu: null },
      { network: ip('fd00::/8'), isBlacklisted: false, mtu: 9_000 },
    ]);
    expect([...paths.nodes]).toEqual([
      [0x1a_2b3c_4d5e, { tries: [ip('192.0.2.1/9993'), ip('2001:db8::1/443')], blacklist: [] }],
      [0x2a_2b3c_4d5e, { tries: [], blacklist: [ip('192.168.0.0/16')] }],
    ]);
    expect(ignored).toEqual([]);
  });

  it('names what does nothing here', () => {
    const text = `{
      "settings": {"forceTcpRelay": true, "softwareUpdate": "apply", "secondaryPort": 9994},
      "physical": {"10.0.0.0/8": {"trustedPathId": 7}},
      "virtual": {"1a2b3c4d5e": {"bond": "x"}},
      "more": {}
    }`;
    expect(parse(text).ignored).toEqual([
      'more',
      'physical.10.0.0.0/8.trustedPathId',
      'virtual.1a2b3c4d5e.bond',
      'settings.forceTcpRelay',
      'settings.softwareUpdate',
      'settings.secondaryPort',
    ]);
  });

  it('is refused where it is no JSON or a value is wrong', () => {
    const networks = Object.fromEntries(
      Array.from({ length: 33 }, (_, i) => [`10.${i}.0.0/16`, { blacklist: true }]),
    );
    for (const text of [
      '',
      '{',
      '[]',
      '{"settings":{"primaryPort":65536}}',
      '{"settings":3}',
      '{"physical":{"10.0.0.0":{}}}',
      '{"physical":{"10.0.0.0/33":{}}}',
      '{"physical":{"fd00::/129":{}}}',
      '{"physical":{"10.0.0.0/8":{"mtu":100}}}',
      '{"physical":{"10.0.0.0/8":{"blacklist":"yes"}}}',
      '{"virtual":{"1a2b3c4d5":{}}}',
      '{"virtual":{"1a2b3c4d5e":{"try":["192.0.2.1"]}}}',
      '{"virtual":{"1a2b3c4d5e":{"try":["192.0.2.1/0"]}}}',
      '{"virtual":{"1a2b3c4d5e":{"blacklist":["x/8"]}}}',
      JSON.stringify({ physical: networks }),
    ])
      expect(() => parse(text), text).toThrow(
        expect.objectContaining({ code: 'LOCAL_CONF_INVALID' }) as Error,
      );
  });
});

describe('local.conf that changes while a node runs', () => {
  it('counts as soon as it is looked at again; while it is unusable, what it said before', async () => {
    const home = new Home(directory);
    const lines: string[] = [];
    const log = lineLog({
      clock: { nowNs: () => 0, wallMs: () => 0 },
      write: (line) => lines.push(line.slice(31)),
    });
    const write = (value: unknown): void => {
      writeFileSync(
        home.path('local.conf'),
        typeof value === 'string' ? value : JSON.stringify(value),
      );
    };
    const file = await new LocalConfFile(home, log).open();
    expect(file.conf).toEqual(emptyLocalConf);
    expect(await file.look()).toBe(false);
    expect(lines).toEqual([]);

    const physical = { '10.0.0.0/8': { blacklist: true } };
    const settings = { lowBandwidthMode: true };
    write({ physical, settings });
    expect([await file.look(), await file.look()]).toEqual([true, false]);
    expect(file.conf.paths.physical).toHaveLength(1);

    write('{');
    expect([await file.look(), await file.look()]).toEqual([false, false]);
    expect(file.conf.paths.physical).toHaveLength(1);

    write({ physical: {}, settings: { ...settings, primaryPort: 9_999 } });
    expect(await file.look()).toBe(true);
    expect(file.conf.paths.physical).toEqual([]);
    rmSync(home.path('local.conf'));
    expect(await file.look()).toBe(true);
    expect(file.conf).toEqual(emptyLocalConf);
    const ofPort = 'the port of local.conf counts from the next start on';
    expect(lines).toEqual([
      'local.conf has settings that do nothing here  names=settings.lowBandwidthMode',
      'local.conf was read again',
      expect.stringContaining('what local.conf said before still counts'),
      'local.conf was read again',
      ofPort,
      'local.conf was read again',
      ofPort,
    ]);
  });

  it('is changed a setting at a time, and null takes one out', async () => {
    const home = new Home(directory);
    const log = lineLog({ clock: { nowNs: () => 0, wallMs: () => 0 }, write: () => undefined });
    const physical = { '10.0.0.0/8': { blacklist: true } };
    const settings = { primaryPort: 9_999, bind: ['192.0.2.1'] };
    writeFileSync(home.path('local.conf'), JSON.stringify({ physical, settings }));
    const file = await new LocalConfFile(home, log).open();
    expect(await file.change({ bind: null, allowTokenInUrl: true, more: null })).toBe(true);
    expect(file.json).toEqual({
      physical,
      settings: { primaryPort: 9_999, allowTokenInUrl: true },
    });
    expect(file.conf.bind).toEqual([]);
  });
});
