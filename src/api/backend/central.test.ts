/** ZeroTier Central behind the interface, against a stub of it: see `test/programs/central-stub.ts`. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { virtualTime, type VirtualTime } from '../../../test/api/virtual-time.ts';
import { backendSuite } from '../../../test/conformance/backend.ts';
import { CentralStub, stubClock } from '../../../test/programs/central-stub.ts';
import { errorCode } from '../../base/errors.ts';
import { parseAddress, parseNetworkId, type NetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { CentralBackend } from './central.ts';
import { CentralClient } from './central-client.ts';

let stub: CentralStub;
let time: VirtualTime;
let central: CentralBackend;
const [alice, bob] = ['45ad10e047', 'bfb8eb1884'];

function open(origin = stub.url, token = stub.token): CentralBackend {
  return new CentralBackend(
    new CentralClient({ ...time, origin, token: new Secret(token), timeoutMs: 5_000 }),
    time,
  );
}
async function code(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'nothing was thrown',
    (error: unknown) => errorCode(error),
  );
}

beforeAll(async () => {
  stub = await CentralStub.open();
});
afterAll(() => stub.close());
beforeEach(() => {
  time = virtualTime(stubClock);
  central = open();
});

describe('ZeroTier Central (a stub of it)', () => {
  backendSuite(() => central);

  async function network(): Promise<NetworkId> {
    return parseNetworkId((await central.createNetwork({ name: 'x' })).id)!;
  }

  it('is asked with its own shapes: settings below config, texts beside it', async () => {
    const id = await network();
    await central.changeNetwork(id, { description: 'of the office', mtu: 1400 });
    expect(stub.bodies.at(-1)).toEqual({ description: 'of the office', config: { mtu: 1400 } });
    await central.changeMember(id, parseAddress(alice)!, { name: 'a', isAuthorized: true });
    expect(stub.bodies.at(-1)).toEqual({ name: 'a', config: { authorized: true } });
  });

  it('says of members no more than when it saw them', async () => {
    const id = await network();
    const text = id.toString(16);
    stub.seen(text, alice, 30_000);
    stub.seen(text, bob, 600_000, '1.12.2');
    const addresses = [alice, bob, '1a2b3c4d5e'].map((each) => parseAddress(each)!);
    expect(await central.members(id)).toMatchObject([
      { address: alice, state: 'waiting', why: 'Central saw it 30 s ago; not authorised' },
      { address: bob, state: 'waiting' },
    ]);
    await central.authorize(id, addresses, () => undefined);
    expect(await central.members(id)).toMatchObject([
      { address: '1a2b3c4d5e', state: 'never-configured', heard: null, software: null },
      {
        address: alice,
        state: 'ok',
        heard: { at: stubClock - 30_000, by: 'ZeroTier Central' },
        software: { version: '1.14.1', platform: null, isOverspan: null },
      },
      { address: bob, state: 'silent', software: { version: '1.12.2' } },
    ]);
  });

  it('is asked no more than 20 times a second, and shuts out one member each 1.2 s', async () => {
    const id = await network();
    time.waits.length = 0;
    const addresses = [alice, bob].map((each) => parseAddress(each)!);
    for (let turn = 0; turn < 21; turn++) await central.network(id);
    expect(time.waits.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(1_000);
    await central.authorize(id, addresses, () => undefined);
    time.waits.length = 0;
    await central.deauthorize(id, addresses, () => undefined);
    expect(Math.max(...time.waits)).toBeGreaterThan(1_000);
    expect(time.said).toEqual([expect.stringContaining('shutting out 2 members')]);
  });

  it('is waited for where it had too many requests, and given up after three times', async () => {
    stub.busy = 2;
    expect(await central.networks()).toBeInstanceOf(Array);
    expect(time.said).toEqual(['ZeroTier Central says: too many requests; waiting']);
    stub.busy = 4;
    expect(await code(central.networks())).toBe('CENTRAL_BUSY');
    expect(stub.busy).toBe(0);
  });

  it('has an error for each way to refuse', async () => {
    const id = await network();
    expect(await code(open(stub.url, 'another').networks())).toBe('CENTRAL_TOKEN_REFUSED');
    stub.forbidden.add(id.toString(16));
    expect(await code(central.network(id))).toBe('CENTRAL_FORBIDDEN');
    expect(await code(open(`${stub.url}/nowhere`).networks())).toBe('CENTRAL_NOT_FOUND');
    expect(await code(open('http://127.0.0.1:1/api/v1').networks())).toBe('CENTRAL_UNREACHABLE');
  });

  it('never shows the token', async () => {
    const secret = 'very-secret-token';
    const work = open(stub.url, secret).networks();
    const error: unknown = await work.catch((reason: unknown) => reason);
    const { stack, message } = error as Error;
    expect(`${stack}${message}${JSON.stringify(error)}`).not.toContain(secret);
  });
});
