import { describe, expect, it } from 'vitest';

import { Prng } from '../src/base/prng.ts';
import { EndpointTable, type Endpoint } from '../src/core/endpoint.ts';
import { ipEndpoint } from '../src/wire/inet-address.ts';
import { Nat, natKinds, type NatKind } from './nat.ts';

const table = new EndpointTable();

function at(ip: string, port: number): Endpoint {
  return table.of(ipEndpoint(ip, port)!);
}

const inside = at('192.168.1.10', 9993);
const friend = at('5.0.1.1', 9993);
const friendElsewhere = at('5.0.1.1', 1234);
const stranger = at('5.0.2.1', 9993);

function nat(kind: NatKind, mappingsMax = 100): Nat {
  return new Nat(
    { kind, publicIp: '5.0.9.9', timeoutMs: 1_000, mappingsMax },
    table,
    new Prng(kind),
  );
}

function out(box: Nat, nowMs: number, to: Endpoint, from = inside): Endpoint {
  const seen = box.outbound(nowMs, from, to);
  if (typeof seen === 'string') throw new Error(seen);
  return seen;
}

describe.each(natKinds)('a %s NAT', (kind) => {
  it('shows its own address, the same port to the same destination', () => {
    const box = nat(kind);
    const seen = out(box, 0, friend);
    expect(seen.key).toMatch(/^5\.0\.9\.9\//);
    expect(out(box, 10, friend)).toBe(seen);
    expect(box.inbound(20, friend, seen)).toBe(inside);
  });

  it('lets in whom its kind lets in', () => {
    const box = nat(kind);
    const seen = out(box, 0, friend);
    const admitted = [friend, friendElsewhere, stranger].map(
      (source) => box.inbound(1, source, seen) === inside,
    );
    expect(admitted).toEqual(
      {
        'full-cone': [true, true, true],
        'address-restricted': [true, true, false],
        'port-restricted': [true, false, false],
        symmetric: [true, false, false],
      }[kind],
    );
  });

  it('shows a socket as one endpoint, or as one for every destination', () => {
    const box = nat(kind);
    expect(out(box, 0, friend) === out(box, 0, stranger)).toBe(kind !== 'symmetric');
  });

  it('keeps a mapping only while something goes out', () => {
    const box = nat(kind);
    const seen = out(box, 0, friend);
    for (let ms = 0; ms < 1_000; ms += 100) expect(box.inbound(ms, friend, seen)).toBe(inside);
    expect(box.inbound(1_000, friend, seen)).toBe('nat-no-mapping');
    expect(out(box, 1_001, friend)).not.toBe(seen);
  });

  it('holds no more mappings than it may, and has room again when they die', () => {
    const box = nat(kind, 3);
    for (let port = 1; port <= 3; port++) out(box, 0, friend, at('192.168.1.10', port));
    expect(box.outbound(1, inside, friend)).toBe('nat-full');
    expect(box.mappingCount).toBe(3);
    expect(typeof box.outbound(1_000, inside, friend)).toBe('object');
    expect(box.mappingCount).toBe(1);
  });

  it('forgets all when it gets another address', () => {
    const box = nat(kind);
    const seen = out(box, 0, friend);
    box.readdress('5.0.9.10');
    expect(box.inbound(1, friend, seen)).toBe('nat-no-mapping');
    expect(out(box, 1, friend).key).toMatch(/^5\.0\.9\.10\//);
  });
});
