import { expect, it } from 'vitest';

import { Cast } from './cast.ts';
import { sequenceDiagram } from './diagram.ts';
import { SimWorld } from './world.ts';

it('shows who sent what to whom, what was lost and why, and what a host sent to itself', () => {
  const world = new SimWorld('diagram');
  const cast = new Cast(world, { members: [{ nat: 'symmetric' }], link: { delayMs: 10 } });
  const [a] = cast.members;
  const { root } = cast;
  root.start();
  a!.start();
  world.run(100);
  world.block(a!, root);
  const { endpoint } = a!;
  world.underlay.send(a!.site, 'A', endpoint, root.endpoint, new Uint8Array(4));
  world.underlay.send(a!.site, 'A', endpoint, endpoint, new Uint8Array(4));
  world.underlay.send(a!.site, 'A', endpoint, world.endpoint('5.9.9.9', 1), new Uint8Array(4));
  world.run(100);
  const lines = sequenceDiagram(world, 100, ['A', 'R']).split('\n');
  expect(lines[0]).toMatch(/^R = [0-9a-f]{10}, A = [0-9a-f]{10}$/);
  expect(lines[1]?.trim()).toMatch(/^R +A$/);
  const shapes = lines.slice(2).map((line) => line.slice(11, 24).trimEnd());
  expect(shapes).toContain('◀───────●');
  expect(shapes).toContain('●───────▶');
  expect(lines.at(-3)).toMatch(/✗┄┄┄┄┄┄┄● .* ✗ blocked$/);
  expect(lines.at(-2)).toMatch(/│ {7}↺/);
  expect(lines.at(-1)).toMatch(/│ {7}●───✗ .* ✗ no-route$/);
  expect(lines.some((line) => / clear +HELLO /.test(line))).toBe(true);
  expect(lines.some((line) => / aes +OK +re HELLO /.test(line))).toBe(true);
});
