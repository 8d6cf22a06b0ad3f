/** An Overspan daemon behind the interface: a real one, on a machine in memory. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { CapturedNode } from '../../../test/api/captured-node.ts';
import { backendSuite } from '../../../test/conformance/backend.ts';
import { parseAddress, parseNetworkId } from '../../base/ids.ts';
import { Secret } from '../../base/secret.ts';
import { MemoryNetwork } from '../../io/udp/index.ts';
import { ClientV1 } from '../client-v1.ts';
import { OverspanBackend } from './overspan.ts';

const directory = mkdtempSync(join(tmpdir(), 'overspan-backend-'));
const node = new CapturedNode(new MemoryNetwork(), 'R', directory);
let service: OverspanBackend;

beforeAll(async () => {
  await node.start();
  const { origin, token } = node;
  service = new OverspanBackend(new ClientV1({ origin, token: new Secret(token) }));
});
afterAll(async () => {
  await node.stop();
  rmSync(directory, { recursive: true, force: true });
});

describe('an Overspan daemon', () => {
  backendSuite(() => service);

  it('keeps descriptions, and puts members out with one word', async () => {
    const id = parseNetworkId((await service.createNetwork({ description: 'x' })).id)!;
    expect(await service.network(id)).toMatchObject({ description: 'x' });
    const members = ['45ad10e047', 'bfb8eb1884'].map((text) => parseAddress(text)!);
    await service.authorize(id, members, () => undefined);
    await service.deauthorize(id, members, () => undefined);
    const lines = await service.client.audit({ network: (await service.network(id)).id, limit: 9 });
    expect(lines.map(({ action, change }) => [action, change])).toMatchObject([
      ['member.deauthorize', { deauthorize: ['45ad10e047', 'bfb8eb1884'] }],
      ['member.authorize', { authorize: ['45ad10e047', 'bfb8eb1884'] }],
      ['network.create', {}],
    ]);
  });
});
