/** Watches whether what two members say to each other goes directly: by the long datagrams between their sockets. */
import type { Host } from './host.ts';
import type { SimWorld } from './world.ts';

/** Two members, of which one pings the other with long packets all the time. */
export class DirectWatch {
  readonly #world: SimWorld;
  readonly #a: Host;
  readonly #b: Host;

  constructor(world: SimWorld, a: Host, b: Host) {
    this.#world = world;
    this.#a = a;
    this.#b = b;
  }

  /** Lets time pass until something goes directly in both directions. @returns after how many ms */
  waitFor(withinMs: number): number {
    const { name: a } = this.#a;
    const { name: b } = this.#b;
    const { underlay } = this.#world;
    const there = underlay.longDatagrams(a, b);
    const back = underlay.longDatagrams(b, a);
    return this.#world.waitFor(
      `${a} and ${b} talk directly`,
      () => underlay.longDatagrams(a, b) > there && underlay.longDatagrams(b, a) > back,
      withinMs,
      [a, b],
    );
  }

  /** Whether anything goes directly in the time to come, in either direction. */
  isDirectDuring(durationMs: number): boolean {
    const count = (): number =>
      this.#world.underlay.longDatagrams(this.#a.name, this.#b.name) +
      this.#world.underlay.longDatagrams(this.#b.name, this.#a.name);
    const before = count();
    this.#world.run(durationMs);
    return count() > before;
  }
}
