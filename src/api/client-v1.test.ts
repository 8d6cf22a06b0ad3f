import { expect, it } from 'vitest';

import type { NetworkId } from '../base/ids.ts';
import { ClientV1 } from './client-v1.ts';

/** What a client sends of a call, answered by a refusal. */
async function sent(call: (client: ClientV1) => Promise<unknown>): Promise<{
  url: string;
  headers: Readonly<Record<string, string>>;
  keepalive?: true;
}> {
  let asked = { url: '', headers: {} };
  const client = new ClientV1({
    origin: '',
    token: null,
    fetch: (url, { headers, keepalive }) => {
      asked = { url, headers, ...(keepalive === undefined ? {} : { keepalive }) };
      return Promise.resolve({ status: 500, text: () => Promise.resolve('{}') });
    },
  });
  await expect(call(client)).rejects.toThrow('status 500');
  return asked;
}

const id = 0x1122334455000001n as NetworkId;

it('a change names the revision that was read, where there is one', async () => {
  const { headers } = await sent((client) => client.changeNetwork(id, { mtu: 1_400 }, 7));
  expect(headers).toEqual({ 'If-Match': '"7"' });
  expect((await sent((client) => client.changeNetwork(id, {}, null))).headers).toEqual({});
  expect((await sent((client) => client.setRules(id, 'accept;', 0))).headers).toEqual({
    'If-Match': '"0"',
  });
});

it('what is deleted is asked for so that it outlives the page that asks', async () => {
  const keepalive = async (call: (client: ClientV1) => Promise<unknown>): Promise<unknown> =>
    (await sent(call)).keepalive;
  const many = Array<string>(4_001).fill('0000000001');
  expect(await keepalive((client) => client.deleteNetwork(id))).toBe(true);
  const deleted = (list: string[]) => keepalive((each) => each.changeMembers(id, { delete: list }));
  expect(await deleted(many.slice(1))).toBe(true);
  // A browser refuses to send more of it.
  expect(await deleted(many)).toBeUndefined();
  expect(await keepalive((client) => client.changeMembers(id, { authorize: many }))).toBe(
    undefined,
  );
});

it('the audit log is asked for by what is given alone', async () => {
  const query = { network: null, before: '00000000000000000009', limit: 5 };
  const { url } = await sent((client) => client.audit(query));
  expect(url).toBe('/api/v1/audit?before=00000000000000000009&limit=5');
});
