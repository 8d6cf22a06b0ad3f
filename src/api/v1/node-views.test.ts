/** A node as /api/v1 shows it, made of what official nodes were heard to answer: `test/vectors/captured-answers.ts`. */
import { describe, expect, it } from 'vitest';

import { capturedAnswers } from '../../../test/vectors/captured-answers.ts';
import { networkSchema } from '../schema/network.ts';
import type { MoonJson } from '../schema/moon.ts';
import { peerSchema } from '../schema/peer.ts';
import { statusSchema } from '../schema/status.ts';
import { joinedV1, moonV1, nodeV1, peerV1 } from '../schema/v1-node.ts';
import {
  joinedView,
  moonOf,
  moonView,
  nodeView,
  peerView,
  permissionsChange,
} from './node-views.ts';

const answers = capturedAnswers();
function body(name: string): unknown {
  const found = answers.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no answer ${name}`);
  return JSON.parse(found.body) as unknown;
}
/** Some were asked for with the others. */
const network = (name: string) => networkSchema.parse([body(name)].flat()[0]);
const nowMs = 1_795_363_963_193;

describe('an official node', () => {
  it('is shown with what it tells, and null for what it does not', () => {
    const counts = { hasController: true, networkCount: 0, peerCount: 2 };
    const shown = nodeV1.parse(nodeView(statusSchema.parse(body('001_R_GET_status')), counts));
    expect(shown).toMatchObject({
      address: '283c5bc4bc',
      version: '1.14.1',
      isOnline: true,
      port: 9993,
      listeningOn: ['10.77.0.1/9993'],
      seenAt: ['10.77.0.1/9993'],
      drops: null,
      ...counts,
    });
    expect(shown.planet.id).toMatch(/^[0-9a-f]{16}$/);
    const status = statusSchema.parse(body('001_R_GET_status'));
    const unsure = nodeView({ ...status, planetWorldId: 2 ** 60, planetWorldTimestamp: 0 }, counts);
    expect(unsure.planet).toEqual({ id: null, timestamp: null });
  });

  it('has peers: roots and leaves, and how it reaches them', () => {
    const [root, leaf] = peerSchema.array().parse(body('063_A_GET_peer-after-ping')).map(peerView);
    expect(peerV1.parse(root)).toEqual({
      address: '283c5bc4bc',
      role: 'root',
      version: '1.14.1',
      latencyMs: 19,
      isDirect: true,
      paths: [
        {
          endpoint: '10.77.0.1/9993',
          isPreferred: true,
          isActive: true,
          lastReceivedAt: 1_795_363_962_178,
          lastSentAt: 1_795_363_962_178,
        },
      ],
    });
    expect(leaf).toMatchObject({ role: 'leaf', latencyMs: 0 });
    const unknown = { address: '45ad10e047', role: 'LEAF', latency: -1, version: '-1.-1.-1' };
    expect(peerView(peerSchema.parse({ ...unknown, paths: [] }))).toMatchObject({
      version: null,
      latencyMs: null,
      isDirect: false,
      paths: [],
    });
  });

  it('has networks, of which most is not known before they are configured', () => {
    const asking = joinedV1.parse(joinedView(network('049_A_GET_network-requesting'), nowMs));
    expect(asking).toMatchObject({
      status: 'requesting-configuration',
      why: 'asking the controller 283c5bc4bc; waiting for its answer',
      ...{ name: null, mtu: null, dns: null, type: null, isBridge: null, askedAt: null },
      permissions: { managed: true, global: false, default: false, dns: false },
    });
    const denied = joinedView(network('050_A_GET_network-denied'), nowMs);
    expect(denied.why).toBe('asking the controller 283c5bc4bc; waiting to be authorised');
    const ok = joinedV1.parse(joinedView(network('061_B_GET_network-ok'), nowMs));
    expect(ok).toMatchObject({ status: 'ok', why: 'joined', type: 'private', mtu: 2800 });
    expect(ok.addresses.length).toBeGreaterThan(1);
  });

  it('that has been put out shows what it had', () => {
    const out = joinedView(network('099_B_GET_network-denied-after-deauth'), nowMs);
    expect(out).toMatchObject({ status: 'access-denied', type: 'private', isBridge: false });
  });

  it('has moons that it looks for', () => {
    const waiting = moonView(body('124_A_POST_moon-post') as MoonJson);
    expect(moonV1.parse(waiting)).toMatchObject({ isWaiting: true, timestamp: null, roots: [] });
  });
});

describe('a network that asks since', () => {
  it('says for how long, and what was restricted', () => {
    const json = {
      ...network('050_A_GET_network-denied'),
      lastRequestTime: nowMs - 3_000,
      allowManagedIn: ['10.0.0.0/8'],
    };
    const shown = joinedView(json, nowMs);
    expect(shown.why).toBe('asked the controller 283c5bc4bc 3 s ago; waiting to be authorised');
    expect([shown.askedAt, shown.permissions.managed]).toEqual([nowMs - 3_000, ['10.0.0.0/8']]);
  });
});

describe('what is wanted of a node', () => {
  it('is said in the words of the official service', () => {
    const patch = { managed: ['10.0.0.0/8'], global: true, default: false, dns: true };
    expect(permissionsChange(patch)).toEqual({
      allowManaged: ['10.0.0.0/8'],
      allowGlobal: true,
      allowDefault: false,
      allowDNS: true,
    });
    expect(permissionsChange()).toEqual({});
  });

  it('of a moon is its id, and whom to ask', () => {
    const [id, seed] = [0xbfb8eb1884n, 0xbfb8eb1884];
    expect(moonOf({ id: 'bfb8eb1884' })).toEqual({ id, seed });
    expect(moonOf({ id: '000000BFB8EB1884', seed: '45ad10e047' })).toEqual({
      id,
      seed: 0x45ad10e047,
    });
  });
});
