import { expect, it } from 'vitest';

import { EndpointTable } from '../src/core/endpoint.ts';
import { ipEndpoint } from '../src/wire/inet-address.ts';
import { Firewall } from './firewall.ts';

const table = new EndpointTable();
const inside = table.of(ipEndpoint('2001:db8::1', 9993)!);
const friend = table.of(ipEndpoint('2001:db8::2', 9993)!);
const stranger = table.of(ipEndpoint('2001:db8::2', 9994)!);

it('lets in answers only, and changes no address', () => {
  const firewall = new Firewall();
  expect(firewall.inbound(0, friend, inside)).toBe('firewall');
  expect(firewall.outbound(0, inside, friend)).toBe(inside);
  expect(firewall.inbound(1, friend, inside)).toBe(inside);
  expect(firewall.inbound(1, stranger, inside)).toBe('firewall');
});

it('forgets a flow that rests, and keeps one that is used in either direction', () => {
  const firewall = new Firewall({ timeoutMs: 1_000 });
  firewall.outbound(0, inside, friend);
  expect(firewall.inbound(900, friend, inside)).toBe(inside);
  expect(firewall.inbound(1_800, friend, inside)).toBe(inside);
  expect(firewall.inbound(2_800, friend, inside)).toBe('firewall');
});

it('lets out to some ports only where it is strict', () => {
  const firewall = new Firewall({ portsOut: [9994] });
  expect(firewall.outbound(0, inside, friend)).toBe('firewall');
  expect(firewall.outbound(0, inside, stranger)).toBe(inside);
});

it('holds no more flows than it may: the one that rested longest goes', () => {
  const firewall = new Firewall({ flowsMax: 1 });
  firewall.outbound(0, inside, friend);
  firewall.outbound(1, inside, stranger);
  expect(firewall.inbound(2, friend, inside)).toBe('firewall');
  expect(firewall.inbound(2, stranger, inside)).toBe(inside);
});

it('forgets everything when its power fails', () => {
  const firewall = new Firewall();
  firewall.outbound(0, inside, friend);
  firewall.restart();
  expect(firewall.inbound(1, friend, inside)).toBe('firewall');
});
