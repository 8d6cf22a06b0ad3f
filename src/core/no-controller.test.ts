import { describe, expect, it } from 'vitest';

import { trio } from '../../test/core/small-world.ts';
import { at, inbound, read, TwinVl1 } from '../../test/twins/vl1.ts';
import { testIdentity } from '../../test/vectors/identities.ts';
import { networkIdOf } from '../wire/network-id.ts';
import { errorCodes } from '../wire/verbs/error.ts';
import { verbNumbers } from '../wire/verbs/verb.ts';
import { NoController } from './no-controller.ts';
import { Networks } from './vl2/networks.ts';

const asker = testIdentity(1).identity;
const request = verbNumbers.NETWORK_CONFIG_REQUEST;

function numbered(id: bigint): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, id);
  return bytes;
}

describe('a node that is no controller', () => {
  const self = testIdentity(0);
  const own = networkIdOf(self.identity.address, 1);

  it('says so to who asks it for the configuration of a network', () => {
    const vl1 = new TwinVl1(self);
    const none = new NoController(vl1);
    expect(none.handlePacket(at(0), inbound(asker, request, numbered(own), 7n))).toBe('accepted');
    const [answer, ...others] = vl1.takeSent();
    expect(others).toEqual([]);
    expect(answer).toMatchObject({ to: asker.address, isReply: true });
    expect(read(answer!).value).toEqual({
      inReVerb: request,
      inRePacketId: 7n,
      code: errorCodes.UNSUPPORTED_OPERATION,
      body: { kind: 'network', networkId: own },
    });
  });

  it('says nothing of networks of others, nor to what is no request', () => {
    const vl1 = new TwinVl1(self);
    const none = new NoController(vl1);
    const outcome = (verb: number, payload: Uint8Array): string =>
      none.handlePacket(at(0), inbound(asker, verb as 11, payload));
    expect(outcome(request, numbered(networkIdOf(asker.address, 1)))).toBe('no-handler');
    expect(outcome(request, new Uint8Array(7))).toBe('truncated');
    expect(outcome(verbNumbers.OK, numbered(own))).toBe('ignored');
    expect(vl1.takeSent()).toEqual([]);
  });

  it('lets who joins a network that cannot be know it, itself too', () => {
    const { world, a, b } = trio({ networks: (vl1, frames) => new Networks({ vl1, frames }) });
    world.run(100);
    const id = networkIdOf(b.identity.identity.address, 1);
    for (const host of [a, b]) {
      host.node.join(world.now, id);
      world.drain(host);
    }
    world.run(1_000);
    for (const host of [a, b])
      expect(host.events.filter(({ kind }) => kind === 'network').at(-1)).toMatchObject({
        networkId: id,
        status: 'not-found',
      });
  });
});
