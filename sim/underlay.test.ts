import { beforeEach, describe, expect, it } from 'vitest';

import { Prng } from '../src/base/prng.ts';
import type { Endpoint } from '../src/core/endpoint.ts';
import { ipEndpoint } from '../src/wire/inet-address.ts';
import { EventQueue } from './event-queue.ts';
import { Nat } from './nat.ts';
import { Underlay, type Site, type Station } from './underlay.ts';

const delayMs = 10;

let nowMs: number;
let queue: EventQueue;
let underlay: Underlay;

beforeEach(() => {
  nowMs = 0;
  queue = new EventQueue();
  underlay = new Underlay(
    queue,
    () => nowMs,
    (name) => new Prng(name),
  );
});

class Listener implements Station {
  readonly got: { readonly atMs: number; readonly source: string; readonly bytes: Uint8Array }[] =
    [];
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly site: Site;

  constructor(name: string, site: Site, ip: string) {
    this.name = name;
    this.site = site;
    this.endpoint = underlay.endpoints.of(ipEndpoint(ip, 9993)!);
    underlay.attach(site, ip, this);
  }

  listens(destination: Endpoint): boolean {
    return destination.key === this.endpoint.key;
  }

  receive(source: Endpoint, _destination: Endpoint, bytes: Uint8Array): void {
    this.got.push({ atMs: nowMs, source: source.key, bytes });
  }

  send(to: Endpoint, length = 100, ttl = 0): string | null {
    const bytes = new Uint8Array(length).fill(7);
    underlay.send(this.site, this.name, this.endpoint, to, bytes, ttl);
    for (let next = queue.take(); next !== null; next = queue.take()) {
      nowMs = next.atMs;
      next.action?.();
    }
    return underlay.log.last(1)[0]!.fate;
  }
}

/** A host at a public address of its own. */
function publicHost(name: string, ip: string): Listener {
  const site = underlay.addSite({ name, up: { delayMs }, down: { delayMs } });
  underlay.route(ip, site);
  return new Listener(name, site, ip);
}

/** A site behind a NAT with two hosts. */
function home(): { a: Listener; b: Listener; nat: Nat } {
  const nat = new Nat(
    { kind: 'port-restricted', publicIp: '5.0.9.1' },
    underlay.endpoints,
    new Prng('nat'),
  );
  const site = underlay.addSite({ name: 'home', boxes: [nat], up: { delayMs }, down: { delayMs } });
  underlay.route('5.0.9.1', site);
  const a = new Listener('a', site, '192.168.1.10');
  return { a, b: new Listener('b', site, '192.168.1.11'), nat };
}

describe('the internet', () => {
  it('carries from one site to another over both lines', () => {
    const a = publicHost('a', '5.0.1.1');
    const b = publicHost('b', '5.0.2.1');
    expect(a.send(b.endpoint)).toBe('arrived');
    expect(b.got).toMatchObject([{ atMs: 2 * delayMs, source: '5.0.1.1/9993' }]);
    expect(b.got[0]?.bytes).toEqual(new Uint8Array(100).fill(7));
  });

  it('shows who sends from behind a NAT as the NAT does, and brings the answer back', () => {
    const { a } = home();
    const b = publicHost('b', '5.0.2.1');
    expect(b.send(a.endpoint)).toBe('no-route');
    expect(a.send(b.endpoint)).toBe('arrived');
    expect(b.got[0]?.source).toMatch(/^5\.0\.9\.1\//);
    expect(b.send(underlay.log.last(1)[0]!.source)).toBe('arrived');
    expect(a.got).toMatchObject([{ source: '5.0.2.1/9993' }]);
  });

  it('does not carry what has few hops to live, though the NAT is opened by it', () => {
    const { a, nat } = home();
    const b = publicHost('b', '5.0.2.1');
    expect(a.send(b.endpoint, 4, 2)).toBe('ttl-exceeded');
    expect(nat.mappingCount).toBe(1);
    expect(b.send(underlay.log.last(1)[0]!.source)).toBe('arrived');
  });

  it('leaves a site at home', () => {
    const { a, b } = home();
    expect(a.send(b.endpoint)).toBe('arrived');
    expect(b.got[0]?.source).toBe('192.168.1.10/9993');
    expect(b.got[0]?.atMs).toBeLessThan(1);
  });

  it('brings nothing back to the site that it came from', () => {
    const { a, b } = home();
    const c = publicHost('c', '5.0.2.1');
    b.send(c.endpoint);
    const outside = underlay.log.last(1)[0]!.source;
    expect(a.send(outside)).toBe('no-hairpin');
  });

  it('refuses to carry between two hosts that are cut off, in one direction', () => {
    const a = publicHost('a', '5.0.1.1');
    const b = publicHost('b', '5.0.2.1');
    underlay.block('a', 'b');
    expect(a.send(b.endpoint)).toBe('blocked');
    expect(b.send(a.endpoint)).toBe('arrived');
    underlay.unblock('a', 'b');
    expect(a.send(b.endpoint)).toBe('arrived');
  });

  it('drops what is too long for a line, what nobody listens to, and what has no route', () => {
    const a = publicHost('a', '5.0.1.1');
    const b = publicHost('b', '5.0.2.1');
    const at = (ip: string, port: number): Endpoint => underlay.endpoints.of(ipEndpoint(ip, port)!);
    expect(a.send(b.endpoint, 1_472)).toBe('arrived');
    expect(a.send(b.endpoint, 1_473)).toBe('too-long');
    expect(a.send(at('5.0.2.1', 1))).toBe('no-listener');
    expect(a.send(at('5.0.3.1', 9993))).toBe('no-route');
  });
});
