/** What every scenario looks like: a name, what must hold, and how it goes. */
import type { SimWorld } from './world.ts';

/** What a scenario found out, in the order in which it is printed; the unit stands at the end of the name. */
export type Figures = Readonly<Record<string, number | string>>;

/** How it is run. */
export interface ScenarioSettings {
  /** How many members take part, where the scenario has many. */
  readonly members?: number;
  /** What the process uses now, after a collection; not given in the gate, where figures must be the same each time. */
  readonly memory?: () => MemoryUse;
}

/** Bytes. */
export interface MemoryUse {
  readonly heap: number;
  /** Of arrays of bytes, also what was never touched of them. */
  readonly buffers: number;
}

/** One scenario. */
export interface Scenario {
  /** As given to `--scenario`. */
  readonly name: string;
  /** Sentences. */
  readonly mustHold: readonly string[];
  /** The settings of the gate. */
  readonly settings?: ScenarioSettings;
  /** Throws `ScenarioFailure` (by the world's `expect`, `waitFor`) where something does not hold. */
  run(world: SimWorld, settings: ScenarioSettings): Figures;
}
