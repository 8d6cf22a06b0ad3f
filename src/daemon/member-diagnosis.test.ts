/**
 * What `overspan why` says of members whose clock or planet is another one: whole daemons, asked over HTTP.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../test/api/captured-node.ts';
import { loadBytes } from '../../test/vectors/load.ts';
import { ClientV1 } from '../api/client-v1.ts';
import { parseNetworkId, type NetworkId } from '../base/ids.ts';
import { Secret } from '../base/secret.ts';
import { diagnose, type Diagnosis } from '../cli/diagnosis.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { MemoryNetwork } from '../io/udp/index.ts';
import { makeWorld } from '../root/make-world.ts';
import { worldKeyOf } from '../root/world-key.ts';
import { systemClock } from '../sys/clock.ts';
import { decode, encode, isDrop } from '../wire/codec.ts';
import { ipEndpoint } from '../wire/inet-address.ts';
import { world } from '../wire/world.ts';

const hourMs = 3_600_000;
const directory = mkdtempSync(join(tmpdir(), 'overspan-diagnosis-'));
const net = new MemoryNetwork();
const R = new CapturedNode(net, 'R', directory);
const slow = { ...systemClock, wallMs: () => systemClock.wallMs() - hourMs };
const A = new CapturedNode(net, 'A', directory, { clock: slow });
const B = new CapturedNode(net, 'B', directory);
let id: NetworkId;
let client: ClientV1;

beforeAll(async () => {
  // The same root, and another number: as after `overspan root init --force`.
  const planet = decode(world, loadBytes('captures/planet'));
  if (isDrop(planet)) throw new Error(planet);
  const provider = nodeProvider();
  const other = makeWorld(provider, {
    kind: 'planet',
    id: planet.id + 1n,
    wallMs: Number(planet.timestamp),
    roots: [{ identity: planet.roots[0]!.identity, endpoints: [ipEndpoint('10.77.0.1', 9_993)!] }],
    key: worldKeyOf(provider, new Uint8Array(64).fill(9)),
  });
  writeFileSync(B.home.path('planet'), encode(world, other));
  await R.start();
  client = new ClientV1({ origin: R.origin, token: new Secret(R.token) });
  const made = await client.createNetwork({
    isPrivate: false,
    assignsIpv4: true,
    routes: [{ target: '10.9.0.0/24', via: null }],
    pools: [{ first: '10.9.0.1', last: '10.9.0.99' }],
  });
  id = parseNetworkId(made.id)!;
  for (const node of [A, B]) {
    await node.start();
    const path = `/network/${made.id}`;
    await node.json('POST', path, {});
    await node.until(path, ({ status }) => status === 'OK');
  }
});
afterAll(async () => {
  for (const node of [A, B, R]) await node.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** As the command asks. */
async function why(address: string): Promise<Diagnosis> {
  const members = await client.members(id);
  const others = members.filter((member) => member.address !== address);
  return diagnose({
    nowMs: systemClock.wallMs(),
    isOnline: true,
    member: members.find((member) => member.address === address)!,
    othersOk: others.filter(({ state }) => state === 'ok').length,
    othersClockSkewMs: others.flatMap(({ path }) => path.clockSkewMs ?? []),
    network: (await client.network(id)).id,
    mtu: 2_800,
  });
}

describe('overspan why', () => {
  it('finds that the clock of a member is an hour behind', async () => {
    const { sentence, confidence } = await why('45ad10e047');
    expect(sentence).toContain("its clock is 60 min behind the controller's");
    expect(confidence).toBe('likely');
  });

  it('finds that a member has another planet', async () => {
    const { sentence, because, next } = await why('bfb8eb1884');
    expect(sentence).toContain("its node uses another planet than the controller's");
    expect(because).toContain('its clock is right to the minute');
    expect(next).toContain('overspan up --planet FILE');
  });
});
