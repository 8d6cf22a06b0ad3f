/** Bodies of the controller API: what may be set, in which forms, and what is refused with nothing changed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../test/api/captured-node.ts';
import { loadBytes } from '../../test/vectors/load.ts';
import { listLengthMax } from '../api/body/loose.ts';
import { latin1Text } from '../base/bytes.ts';
import { MemoryNetwork } from '../io/udp/index.ts';
import { bodyDepthMax } from '../http/body.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-bodies-'));
const R = new CapturedNode(new MemoryNetwork(), 'R', directory);
const owned = '/controller/network/283c5bc4bc000001';
const member = `${owned}/member/0123456789`;

beforeAll(async () => {
  await R.start();
});
afterAll(async () => {
  await R.stop();
  rmSync(directory, { recursive: true, force: true });
});

type Json = Readonly<Record<string, unknown>>;
const set = (path: string, body: unknown): Promise<Json> => R.json('POST', path, body);
const get = (path: string): Promise<Json> => R.json('GET', path);

/** Sends what must be refused, and says with which status and why. */
async function refused(path: string, body: string): Promise<[number, string]> {
  const { status, text } = await R.ask('POST', path, body);
  return [status, (JSON.parse(text) as { description?: string }).description ?? ''];
}

describe('a network', () => {
  it('takes everything that may be set, and shows it', async () => {
    const settings = {
      name: 'all of it',
      description: 'for people',
      private: false,
      enableBroadcast: false,
      mtu: 1_500,
      multicastLimit: 8,
      remoteTraceTarget: '45ad10e047',
      remoteTraceLevel: 10,
      v4AssignMode: { zt: true },
      v6AssignMode: { '6plane': true, rfc4193: false, zt: true },
      routes: [
        { target: '10.1.0.0/16', via: null },
        { target: '0.0.0.0/0', via: '10.1.0.1' },
      ],
      ipAssignmentPools: [{ ipRangeStart: '10.1.0.10', ipRangeEnd: '10.1.0.20' }],
      authTokens: { sesame: 0, __proto: 5 },
      tags: [
        { id: 1, default: null },
        { id: 2, default: 7 },
      ],
      dns: { domain: 'lab.test', servers: ['10.1.0.1'] },
      capabilities: [{ id: 3, default: true, rules: [{ type: 'ACTION_ACCEPT' }] }],
      rules: everyRule,
    };
    const made = await set(owned, settings);
    expect(made).toMatchObject(settings);
    expect(await get(owned)).toEqual(made);
    // A whole object that is sent back changes nothing.
    expect(await set(owned, made)).toEqual(made);
  });

  it('takes values as loosely as the official service', async () => {
    const loose = {
      private: 'true',
      enableBroadcast: 'yes',
      mtu: '99999',
      multicastLimit: '16',
      name: 5,
      v4AssignMode: 'zt',
      v6AssignMode: 'rfc4193, zt',
      remoteTraceTarget: null,
      dns: [],
      authTokens: [null],
      bogus: 1,
    };
    expect(await set(owned, loose)).toMatchObject({
      private: true,
      enableBroadcast: false,
      mtu: 10_000,
      multicastLimit: 16,
      name: '5',
      v4AssignMode: { zt: true },
      v6AssignMode: { '6plane': false, rfc4193: true, zt: true },
      remoteTraceTarget: null,
      dns: [],
      authTokens: [null],
    });
    expect(await get(owned)).not.toHaveProperty('bogus');
  });

  it('turns off what an assignment mode does not name', async () => {
    await set(owned, { v6AssignMode: { rfc4193: true } });
    expect(await set(owned, { v6AssignMode: { '6plane': true } })).toMatchObject({
      v6AssignMode: { '6plane': true, rfc4193: false, zt: false },
    });
  });

  it('keeps the level of remote traces when a change does not name it', async () => {
    await set(owned, { remoteTraceTarget: '45ad10e047', remoteTraceLevel: 20 });
    expect(await set(owned, { name: 'other' })).toMatchObject({
      remoteTraceTarget: '45ad10e047',
      remoteTraceLevel: 20,
    });
    await set(member, { remoteTraceTarget: '45ad10e047', remoteTraceLevel: 15 });
    expect(await set(member, { name: 'n' })).toMatchObject({ remoteTraceLevel: 15 });
  });

  it('of another controller is not made', async () => {
    const [status, why] = await refused('/controller/network/0123456789abcdef', '{}');
    expect([status, why]).toEqual([400, 'network 0123456789abcdef has another controller']);
    expect(await R.json('GET', '/controller/network')).not.toContain('0123456789abcdef');
  });

  it('is named in lower case, however it is asked for', async () => {
    const upper = owned.toUpperCase().replace('/CONTROLLER/NETWORK', '/controller/network');
    expect((await get(upper))['id']).toBe('283c5bc4bc000001');
    expect(await set(`${owned}/member/ABCDEF0123`, {})).toMatchObject({ id: 'abcdef0123' });
  });
});

describe('a member', () => {
  it('takes everything that may be set, and shows it', async () => {
    const settings = {
      authorized: true,
      activeBridge: true,
      noAutoAssignIps: true,
      name: 'm',
      description: 'for people',
      ipAssignments: ['10.1.0.50', 'fd00::1'],
      tags: [
        [1, 2],
        [5, 6],
      ],
      capabilities: [1, 3],
      authenticationExpiryTime: 123_456,
      remoteTraceTarget: '45ad10e047',
      remoteTraceLevel: 30,
    };
    const made = await set(member, settings);
    expect(made).toMatchObject({ ...settings, lastAuthorizedCredentialType: 'api' });
    expect(await get(member)).toEqual(made);
    expect(await set(member, made)).toEqual(made);
  });

  it('takes what the official service takes of odd values', async () => {
    const odd = {
      ipAssignments: ['10.144.0.50/24', '10.144.0.51'],
      tags: [
        [5, 6],
        [1, 2],
      ],
      capabilities: [3, 1, 3],
      identity: 'x',
      ssoExempt: true,
      authorized: 'true',
    };
    expect(await set(member, odd)).toMatchObject({
      ipAssignments: ['10.144.0.50', '10.144.0.51'],
      tags: [
        [1, 2],
        [5, 6],
      ],
      capabilities: [1, 3],
      authorized: true,
      ssoExempt: false,
    });
    expect(await get(member)).not.toHaveProperty('identity');
  });

  it('has its name among its keys where it has one', async () => {
    expect(await set(member, { name: '' })).not.toHaveProperty('name');
    expect(await set(member, { name: 'again' })).toMatchObject({ name: 'again' });
  });

  it('that is banned shows no more than that it is out, and is not let in by a word', async () => {
    await set(member, { authorized: true });
    const v1 = `/api/v1/networks/283c5bc4bc000001/members/0123456789`;
    expect((await R.ask('PATCH', v1, '{"isBanned":true}')).status).toBe(200);
    const before = await get(member);
    expect(before['authorized']).toBe(false);
    expect(Object.keys(before).filter((key) => /ban/i.test(key))).toEqual([]);
    const [status, said] = await refused(member, '{"authorized":true,"name":"in"}');
    expect([status, said]).toEqual([400, expect.stringContaining('is banned from')]);
    expect(await get(member)).toEqual(before);
    // What a program sends back as it was read is taken.
    expect(await set(member, before)).toMatchObject({ authorized: false });
    expect((await R.ask('PATCH', v1, '{"isBanned":false}')).status).toBe(200);
    expect(await set(member, { authorized: true })).toMatchObject({ authorized: true });
  });

  it('is put out and forgotten, and is then not there', async () => {
    expect((await R.ask('DELETE', member)).status).toBe(200);
    for (const method of ['GET', 'DELETE'])
      expect(await R.ask(method, member)).toEqual({ status: 404, type: '', text: '' });
    const missing = '/controller/network/283c5bc4bcffffff/member/0123456789';
    expect((await R.ask('POST', missing, '{"authorized":true}')).status).toBe(404);
  });
});

describe('a body that cannot be used', () => {
  const wrongNetworks: readonly (readonly [unknown, string])[] = [
    [[], 'the network is no object: a list'],
    ['text', 'the network is no object: "text"'],
    [7, 'the network is no object: 7'],
    [null, 'the network is no object: null'],
    [{ private: {} }, 'private of the network is neither true nor false: an object'],
    [{ mtu: 'x' }, 'mtu of the network is no whole number: "x"'],
    [{ mtu: 1e300 }, 'mtu of the network is no whole number: 1e+300'],
    [{ multicastLimit: -1 }, 'the multicast limit is no number of 32 bits'],
    [{ name: [] }, 'name of the network is no text: a list'],
    [{ name: 'x'.repeat(200) }, 'the name is not 127 characters of Latin-1 or fewer'],
    [{ remoteTraceTarget: 'x' }, 'remoteTraceTarget of the network is no address of a node'],
    [{ routes: {} }, 'routes of the network is no list'],
    [{ routes: [5] }, 'routes of the network at 0 is no object: 5'],
    [{ routes: [{ target: '10.0.0.0' }] }, 'has no network like 10.1.0.0/16'],
    [{ routes: [{ target: '10.0.0.0/8', via: 'fd00::1' }] }, 'is of another family'],
    [{ ipAssignmentPools: [{ ipRangeStart: '10.0.0.1' }] }, 'ipRangeEnd of'],
    [{ v6AssignMode: 5 }, 'v6AssignMode of the network is no object'],
    [{ authTokens: { a: 'never' } }, 'the time of a token in authTokens is no number'],
    [{ authTokens: { '': 0 } }, 'a token in authTokens has not 1 to 256 letters'],
    [{ tags: [{ id: 1 }, { id: 1 }] }, 'the tags repeat an id'],
    [{ tags: [{ id: 2 ** 32 }] }, 'the tags have an id that is no number of 32 bits'],
    [{ capabilities: [{ id: 1, rules: [{ type: 'X' }] }] }, 'number 0: there is no rule "X"'],
    [{ dns: { servers: ['x'] } }, 'a DNS server is no IP address'],
    [{ rules: [{}] }, 'the rules, number 0: a rule must have a "type"'],
    [{ rules: [{ type: '__proto__' }] }, 'the rules, number 0: there is no rule "__proto__"'],
    [
      { rules: [{ type: 'MATCH_ETHERTYPE' }] },
      'number 0: MATCH_ETHERTYPE: etherType must be 0 to 65535',
    ],
    [{ rules: [{ type: 'MATCH_ETHERTYPE', etherType: 65_536 }] }, 'etherType must be 0 to 65535'],
    [{ rules: Array(1_025).fill({ type: 'ACTION_DROP' }) }, 'there may be at most 1024 rules'],
    [{ rules: Array(listLengthMax + 1).fill(0) }, `has more than ${listLengthMax} members`],
    [{ tags: Array(listLengthMax + 1).fill(0) }, `has more than ${listLengthMax} members`],
    [{ routes: Array(129).fill({ target: '10.0.0.0/8' }) }, 'the routes are more than 128'],
  ];

  it('of a network changes nothing, and says what is wrong with it', async () => {
    const before = await set(owned, { name: 'before' });
    for (const [body, why] of wrongNetworks) {
      const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
      const sent = JSON.stringify(isObject ? { name: 'after', ...body } : body);
      const [status, said] = await refused(owned, sent);
      expect([status, said], sent.slice(0, 80)).toEqual([400, expect.stringContaining(why)]);
      expect(await get(owned), sent.slice(0, 80)).toEqual(before);
    }
  });

  const wrongMembers: readonly (readonly [unknown, string])[] = [
    [[], 'the member is no object: a list'],
    [{ authorized: {} }, 'authorized of the member is neither true nor false'],
    [{ ipAssignments: [5] }, 'ipAssignments of the member at 0 is no text: 5'],
    [{ ipAssignments: ['nonsense'] }, 'an address is no IP address: "nonsense"'],
    [{ ipAssignments: Array(129).fill('10.0.0.1') }, 'the list ipAssignments has more than 128'],
    [{ tags: [['x']] }, 'tags of the member at 0 is no pair of an id and a value'],
    [{ tags: [[1, 2 ** 33]] }, 'the tags are not numbers of 32 bits'],
    [{ tags: { 1: 2 } }, 'tags of the member is no list'],
    [{ capabilities: [-1] }, 'the capabilities are not numbers of 32 bits'],
    [{ authenticationExpiryTime: 'soon' }, 'authenticationExpiryTime of the member is no whole'],
    [{ description: 'x'.repeat(5_000) }, 'the description is longer than 4096'],
  ];

  it('of a member changes nothing, and says what is wrong with it', async () => {
    const before = await set(member, { name: 'before', authorized: false });
    for (const [body, why] of wrongMembers) {
      const sent = JSON.stringify(
        Array.isArray(body) ? body : { authorized: true, ...(body as object) },
      );
      const [status, said] = await refused(member, sent);
      expect([status, said], sent.slice(0, 80)).toEqual([400, expect.stringContaining(why)]);
      expect(await get(member), sent.slice(0, 80)).toEqual(before);
    }
  });

  it('is no JSON, nested too deep, or empty: the same error as there', async () => {
    const before = await get(owned);
    const deep = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const bodies = [
      ...['{"name":', 'x', '{"name":"a"}x', '\u0000', "{'name':1}", '{"name":NaN}'],
      deep(bodyDepthMax + 1),
      `{"rules":${deep(200_000)}}`,
    ];
    for (const body of bodies) {
      const { status, text } = await R.ask('POST', owned, body);
      const said = JSON.parse(text) as Json;
      expect([status, said['error']], body.slice(0, 20)).toEqual([500, 500]);
      expect(said['description']).toMatch(/^the body is (not JSON|nested deeper)/);
    }
    expect((await R.ask('POST', owned)).status).toBe(500);
    expect((await R.ask('POST', '/controller/network')).status).toBe(500);
    expect(await get(owned)).toEqual(before);
  });

  it('names what every object has, and gives it to none', async () => {
    const hostile =
      '{"__proto__":{"private":false,"name":"p"},"constructor":{"name":"c"},"authTokens":{"__proto__":0,"constructor":1},"name":"kept"}';
    const made = JSON.parse((await R.ask('POST', owned, hostile)).text) as Json;
    expect(made).toMatchObject({ name: 'kept', private: true });
    expect(Object.entries(made['authTokens'] as object)).toEqual([
      ['__proto__', 0],
      ['constructor', 1],
    ]);
    expect(({} as Json)['private']).toBeUndefined();
    const config = await R.ask('POST', '/config/settings', '{"__proto__":{"bind":["1.2.3.4"]}}');
    expect(config.status).toBe(200);
    expect(({} as Json)['bind']).toBeUndefined();
  });
});

describe('local.conf over the API', () => {
  it('is changed setting by setting, and counts at once', async () => {
    expect(await set('/config/settings', { lowBandwidthMode: false })).toEqual({});
    expect(await get('/config')).toMatchObject({
      settings: { lowBandwidthMode: false, softwareUpdate: 'disable' },
    });
    const url = `/status?auth=${R.token}`;
    expect((await R.askWith({}, 'GET', url)).status).toBe(401);
    await set('/config/settings', { allowTokenInUrl: true });
    expect((await R.askWith({}, 'GET', url)).status).toBe(200);
    expect((await R.askWith({}, 'GET', '/health?jsonp=cb')).text).toMatch(/^cb\(\{.*\}\);$/);
    expect((await R.askWith({}, 'GET', '/health?jsonp=a;b')).text).toMatch(/^\{/);
    await set('/config/settings', { allowTokenInUrl: false });
    expect((await R.askWith({}, 'GET', url)).status).toBe(401);
  });

  it('is not written where it could not be read again', async () => {
    const before = await get('/config');
    for (const body of ['{"primaryPort":"x"}', '{"bind":5}', '[]', '5'])
      expect((await refused('/config/settings', body))[0], body).toBe(400);
    expect((await R.ask('POST', '/config/settings', '{')).status).toBe(500);
    expect(await get('/config')).toEqual(before);
  });
});

describe('figures', () => {
  it('are some of those of the official service, of this moment', async () => {
    const theirs = ['R', 'A']
      .map((name) => latin1Text(loadBytes(`captures/api/${name}_metrics.prom.txt`)))
      .join('');
    const typesOf = (text: string): Map<string, string> =>
      new Map(
        [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)].map(([, name = '', type = '']) => [
          name,
          type,
        ]),
      );
    const before = (await R.ask('GET', '/metrics')).text;
    for (const [name, type] of typesOf(before))
      if (!name.startsWith('overspan_')) expect(typesOf(theirs).get(name), name).toBe(type);
    const labels = (text: string, name: string): Set<string> =>
      new Set(
        [...text.matchAll(new RegExp(`^${name}\\{(.*)\\} `, 'gm'))].map(([, all = '']) => all),
      );
    expect(labels(before, 'zt_packet')).toEqual(labels(theirs, 'zt_packet'));
    const valueOf = (text: string, name: string): number =>
      Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
    await set('/controller/network', {});
    const after = (await R.ask('GET', '/metrics')).text;
    for (const name of ['controller_network_count', 'controller_network_change_count'])
      expect(valueOf(after, name) - valueOf(before, name), name).toBe(1);
  });
});

/** One of each kind, as the controller shows it. */
const match = { not: true, or: false };
const everyRule = [
  { type: 'ACTION_TEE', address: '45ad10e047', flags: 1, length: 64 },
  { type: 'ACTION_WATCH', address: '45ad10e047', flags: 0, length: 64 },
  { type: 'ACTION_REDIRECT', address: '45ad10e047', flags: 2 },
  { type: 'ACTION_BREAK' },
  { type: 'ACTION_DROP' },
  { type: 'ACTION_PRIORITY' },
  { ...match, type: 'MATCH_SOURCE_ZEROTIER_ADDRESS', zt: '45ad10e047' },
  { ...match, type: 'MATCH_DEST_ZEROTIER_ADDRESS', zt: '45ad10e047' },
  { ...match, type: 'MATCH_VLAN_ID', vlanId: 5 },
  { ...match, type: 'MATCH_VLAN_PCP', vlanPcp: 5 },
  { ...match, type: 'MATCH_VLAN_DEI', vlanDei: 1 },
  { ...match, type: 'MATCH_MAC_SOURCE', mac: '01:02:03:04:05:06' },
  { ...match, type: 'MATCH_MAC_DEST', mac: '01:02:03:04:05:06' },
  { ...match, type: 'MATCH_IPV4_SOURCE', ip: '10.0.0.0/8' },
  { ...match, type: 'MATCH_IPV4_DEST', ip: '10.0.0.0/8' },
  { ...match, type: 'MATCH_IPV6_SOURCE', ip: 'fd00::/8' },
  { ...match, type: 'MATCH_IPV6_DEST', ip: 'fd00::/8' },
  { ...match, type: 'MATCH_IP_TOS', mask: 252, start: 4, end: 8 },
  { ...match, type: 'MATCH_IP_PROTOCOL', ipProtocol: 6 },
  { ...match, type: 'MATCH_ETHERTYPE', etherType: 2_048 },
  { ...match, type: 'MATCH_ICMP', icmpType: 8, icmpCode: null },
  { ...match, type: 'MATCH_ICMP', icmpType: 8, icmpCode: 0 },
  { ...match, type: 'MATCH_IP_SOURCE_PORT_RANGE', start: 1, end: 2 },
  { ...match, type: 'MATCH_IP_DEST_PORT_RANGE', start: 1, end: 2 },
  { ...match, type: 'MATCH_CHARACTERISTICS', mask: '0000000000000002' },
  { ...match, type: 'MATCH_FRAME_SIZE_RANGE', start: 1, end: 2 },
  { ...match, type: 'MATCH_RANDOM', probability: 2 ** 31 },
  { ...match, type: 'MATCH_TAGS_DIFFERENCE', id: 1, value: 2 },
  { ...match, type: 'MATCH_TAGS_BITWISE_AND', id: 1, value: 2 },
  { ...match, type: 'MATCH_TAGS_BITWISE_OR', id: 1, value: 2 },
  { ...match, type: 'MATCH_TAGS_BITWISE_XOR', id: 1, value: 2 },
  { ...match, type: 'MATCH_TAGS_EQUAL', id: 1, value: 2 },
  { ...match, type: 'MATCH_TAG_SENDER', id: 1, value: 2 },
  { ...match, type: 'MATCH_TAG_RECEIVER', id: 1, value: 2 },
  {
    ...{ ...match, type: 'INTEGER_RANGE', idx: 3, little: true, bits: 16 },
    ...{ start: '0000000000000001', end: '00000000000000ff' },
  },
  { type: 'ACTION_ACCEPT' },
];
