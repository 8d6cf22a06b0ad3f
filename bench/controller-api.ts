/**
 * The client of the API of `bench controller`, in the namespace of the controller. Its one argument is an {@link ApiOrder}; the
 * last line that it prints is JSON.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What to do. */
export interface ApiOrder {
  readonly home: string;
  readonly port: number;
  readonly what:
    | { readonly kind: 'networks'; readonly count: number }
    | { readonly kind: 'push'; readonly network: string }
    | { readonly kind: 'members'; readonly count: number }
    | { readonly kind: 'many'; readonly networks: number; readonly isOverspan: boolean };
}

const order = JSON.parse(process.argv[2] ?? '') as ApiOrder;
const origin = `http://127.0.0.1:${order.port}`;
const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

async function ask(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const token = readFileSync(join(order.home, 'authtoken.secret'), 'latin1').trim();
  const response = await fetch(`${origin}${path}`, {
    method,
    headers: { 'X-ZT1-Auth': token },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}

/** Runs jobs, so many at a time. */
async function all<T>(
  jobs: readonly T[],
  atOnce: number,
  run: (job: T) => Promise<unknown>,
): Promise<void> {
  const left = [...jobs];
  const worker = async (): Promise<void> => {
    for (let job = left.pop(); job !== undefined; job = left.pop()) await run(job);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

const addressesOf = (base: number, count: number): string[] =>
  Array.from({ length: count }, (_, i) =>
    (0x10_0000_0000 + base + i).toString(16).padStart(10, '0'),
  );

async function newNetwork(settings: object = {}): Promise<string> {
  const { address } = await ask('GET', '/status');
  const { id } = await ask('POST', `/controller/network/${String(address)}______`, settings);
  return String(id);
}

async function run(): Promise<object> {
  const { what } = order;
  switch (what.kind) {
    case 'networks': {
      for (let turn = 0; turn < 600; turn++) {
        const isUp = existsSync(join(order.home, 'authtoken.secret'));
        if (isUp && (await ask('GET', '/status').catch(() => null)) !== null) break;
        await delay(50);
      }
      const ids: string[] = [];
      const settings = { private: false, routes: [{ target: '10.79.0.0/16', via: null }] };
      for (let i = 0; i < what.count; i++)
        ids.push(await newNetwork({ name: `n${i}`, ...settings }));
      return { ids };
    }
    case 'push': {
      const sentNs = process.hrtime.bigint();
      await ask('POST', `/controller/network/${what.network}`, { name: 'changed' });
      return { sentNs: String(sentNs) };
    }
    case 'members': {
      const id = await newNetwork();
      const startNs = process.hrtime.bigint();
      await all(addressesOf(0, what.count), 16, (address) =>
        ask('POST', `/controller/network/${id}/member/${address}`, { authorized: true }),
      );
      const tookS = Number(process.hrtime.bigint() - startNs) / 1e9;
      const other = await newNetwork();
      await all(addressesOf(0, 1_000), 16, (address) =>
        ask('POST', `/controller/network/${other}/member/${address}`, { authorized: true }),
      );
      const times: number[] = [];
      for (let turn = 0; turn < 21; turn++) {
        const atNs = process.hrtime.bigint();
        await ask('GET', `/controller/network/${other}/member`);
        times.push(Number(process.hrtime.bigint() - atNs) / 1e6);
      }
      return { perSecond: what.count / tookS, listMs: times.sort((a, b) => a - b)[10] };
    }
    case 'many': {
      const startNs = process.hrtime.bigint();
      for (let network = 0; network < what.networks; network++) {
        const id = await newNetwork();
        const addresses = addressesOf(network * 1_000, 1_000);
        if (what.isOverspan)
          await ask('POST', `/api/v1/networks/${id}/members`, { authorize: addresses });
        else
          await all(addresses, 16, (address) =>
            ask('POST', `/controller/network/${id}/member/${address}`, { authorized: true }),
          );
      }
      const tookS = Number(process.hrtime.bigint() - startNs) / 1e9;
      // What it makes of it is at rest.
      await delay(2_000);
      return { perSecond: (what.networks * 1_000) / tookS };
    }
  }
}

console.log(JSON.stringify(await run()));
