/** What a source says, compiled: rules as the engine and the controller have them, and the names that a person gave. */
import type { Rules } from '../wire/rules/rules.ts';
import type { DescribedPacket } from './described-packet.ts';
import type { Position, SourceProblem } from './problem.ts';

/** Where a rule comes from. */
export interface RuleOrigin extends Position {
  /** Where the macro in which it stands was included; null: it stands in none. */
  readonly includedAt: Position | null;
}

/** A tag. */
export interface CompiledTag {
  readonly id: number;
  readonly name: string;
  /** What members have that were given no other value; null: they lack it. */
  readonly default: number | null;
  /** Names of values. */
  readonly enums: ReadonlyMap<string, number>;
  /** Names of bits, 0 to 31. */
  readonly flags: ReadonlyMap<string, number>;
}

/** Rules with the places where they stand, of the same length. */
export interface PlacedRules {
  readonly rules: Rules;
  readonly origins: readonly RuleOrigin[];
}

/** A capability. */
export interface CompiledCapability extends PlacedRules {
  readonly id: number;
  readonly name: string;
  /** Members get it when they first ask. */
  readonly isDefault: boolean;
}

/** What a packet must meet. */
export interface Expectation extends Position {
  readonly verdict: 'accept' | 'drop';
  readonly packet: DescribedPacket;
  /** The statement as it is written, in one line and without its `;`. */
  readonly text: string;
}

/** Tags and capabilities: what conditions and packets are described with. */
export interface NamedThings {
  readonly capabilities: readonly CompiledCapability[];
  readonly tags: readonly CompiledTag[];
}

/** A whole source. */
export interface CompiledSource extends PlacedRules, NamedThings {
  readonly capabilitiesByName: ReadonlyMap<string, CompiledCapability>;
  readonly tagsByName: ReadonlyMap<string, CompiledTag>;
  readonly tests: readonly Expectation[];
  /** What is allowed and hardly meant. */
  readonly warnings: readonly SourceProblem[];
}
