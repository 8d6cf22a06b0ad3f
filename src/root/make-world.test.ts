/** Planets and moons of one's own, and their revisions. */
import { describe, expect, it } from 'vitest';

import { testIdentity } from '../../test/vectors/identities.ts';
import { loadBytes } from '../../test/vectors/load.ts';
import { nodeProvider } from '../io/crypto/node-provider.ts';
import { decode, encode, isDrop } from '../wire/codec.ts';
import { formatInetAddress, parseInetAddress, type IpEndpoint } from '../wire/inet-address.ts';
import { shouldReplace, verifyWorld, world, worldRootsMax, type World } from '../wire/world.ts';
import { makeWorld, moonIdOf, reviseWorld, type RootHost, type WorldPlan } from './make-world.ts';
import { formatWorldKey, parseWorldKey, worldKeyOf } from './world-key.ts';

const provider = nodeProvider();
const key = worldKeyOf(provider, new Uint8Array(64).fill(7));
const otherKey = worldKeyOf(provider, new Uint8Array(64).fill(8));

function endpoint(text: string): IpEndpoint {
  const parsed = parseInetAddress(text);
  if (parsed?.kind !== 'ipv4' && parsed?.kind !== 'ipv6') throw new Error(text);
  return parsed;
}
const host = (index: number, ...endpoints: readonly string[]): RootHost => ({
  identity: testIdentity(index).identity,
  endpoints: endpoints.map(endpoint),
});
const plan: WorldPlan = {
  kind: 'planet',
  id: 42n,
  wallMs: 1_795_363_862_212,
  roots: [host(0, '192.0.2.1/9993', '2001:db8::1/9993')],
  key,
};
const throughBytes = (value: World): World => {
  const decoded = decode(world, encode(world, value));
  if (isDrop(decoded)) throw new Error(decoded);
  return decoded;
};

describe('a planet of one’s own', () => {
  it('is read back as it was made, and signed by its own key', () => {
    const made = makeWorld(provider, plan);
    expect(throughBytes(made)).toEqual(made);
    expect(verifyWorld(provider, key.publicKey, made)).toBe(true);
    expect(made).toMatchObject({ kind: 'planet', id: 42n, timestamp: 1_795_363_862_212n });
  });

  it('is as long as the one of the lab with the same roots', () => {
    const lab = loadBytes('captures/planet');
    const made = makeWorld(provider, { ...plan, roots: [host(0, '10.77.0.1/9993')] });
    expect(encode(world, made)).toHaveLength(lab.length);
  });

  it('is the same for the same roots in whatever order', () => {
    const a = host(1, '192.0.2.1/1', '192.0.2.2/2', '192.0.2.2/2');
    const b = host(2, '192.0.2.3/3');
    const one = makeWorld(provider, { ...plan, roots: [a, b] });
    const reversed = { ...a, endpoints: a.endpoints.toReversed() };
    expect(makeWorld(provider, { ...plan, roots: [b, reversed] })).toEqual(one);
    const roots = one.roots.map(({ endpoints }) => endpoints.map(formatInetAddress));
    expect(roots.flat()).toHaveLength(3);
  });

  it('has one to four roots, each once and reachable', () => {
    const of = (roots: readonly RootHost[]) => (): World => makeWorld(provider, { ...plan, roots });
    const hosts = Array.from({ length: worldRootsMax + 1 }, (_, i) => host(i, '192.0.2.1/9993'));
    expect(of(hosts.slice(1))).not.toThrow();
    const code = 'WORLD_INVALID';
    for (const roots of [
      [],
      hosts,
      [host(0, '192.0.2.1/1'), host(0, '192.0.2.2/1')],
      [host(0)],
      [host(0, '192.0.2.1/0')],
      [host(0, ...Array.from({ length: 33 }, (_, i) => `192.0.2.${i}/1`))],
    ])
      expect(of(roots)).toThrow(expect.objectContaining({ code }) as Error);
  });
});

describe('the next revision', () => {
  const first = makeWorld(provider, plan);
  const roots = [host(3, '192.0.2.9/9993')];

  it('takes the place of the one before it', () => {
    const next = reviseWorld(provider, first, { wallMs: plan.wallMs + 1, roots, key });
    expect(shouldReplace(provider, first, throughBytes(next))).toBe(true);
    expect(shouldReplace(provider, next, first)).toBe(false);
  });

  it('is newer also where the clock stepped back', () => {
    const next = reviseWorld(provider, first, { wallMs: 5, roots, key });
    expect(next.timestamp).toBe(first.timestamp + 1n);
    expect(shouldReplace(provider, first, next)).toBe(true);
  });

  it('may name another key, which alone signs the one after it', () => {
    const wallMs = plan.wallMs + 1;
    const next = reviseWorld(provider, first, { wallMs, roots, key, nextKey: otherKey });
    const again = { wallMs: wallMs + 1, roots };
    expect(() => reviseWorld(provider, next, { ...again, key })).toThrow(
      expect.objectContaining({ code: 'WORLD_KEY_INVALID' }) as Error,
    );
    const third = reviseWorld(provider, next, { ...again, key: otherKey });
    expect(shouldReplace(provider, next, third)).toBe(true);
    expect(shouldReplace(provider, first, third)).toBe(false);
  });
});

describe('a moon', () => {
  it('has the address of its first root as its ID', () => {
    const root = host(4, '192.0.2.4/9993');
    const made = makeWorld(provider, { ...plan, kind: 'moon', id: moonIdOf(root), roots: [root] });
    expect(throughBytes(made)).toEqual(made);
    expect(made.id).toBe(BigInt(root.identity.address));
  });
});

describe('the key of a world', () => {
  it('is read back from its text, and is not shown by accident', () => {
    const text = formatWorldKey(key);
    expect(String(text)).toBe('[redacted]');
    const parsed = parseWorldKey(provider, `${text.reveal()}\n`);
    expect(parsed?.publicKey).toEqual(key.publicKey);
    expect(parsed?.secretKey.reveal()).toEqual(key.secretKey.reveal());
  });

  it('is refused where anything of it is missing or its halves do not fit', () => {
    const text = formatWorldKey(key).reveal();
    const mixed = `${text.slice(0, 139)}${formatWorldKey(otherKey).reveal().slice(139)}`;
    for (const bad of ['', text.slice(0, -2), `x${text}`, `${text}:00`, mixed, 'world-key::'])
      expect(parseWorldKey(provider, bad), bad).toBeNull();
  });
});
