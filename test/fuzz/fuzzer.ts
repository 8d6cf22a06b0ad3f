/**
 * A mutational byte fuzzer: varies inputs, keeps those of a new shape, stops at the first that breaks a law, and makes
 * that one small. Equal seeds give equal inputs in equal order; only how far it gets depends on the machine.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

import { Prng } from '../../src/base/prng.ts';
import { mutate, randomBytes } from './mutate.ts';
import { LawBroken, type FuzzTarget } from './target.ts';

/** No input may take longer: a packet is dealt with in microseconds. */
export const inputMsMax = 100;
/** No input may allocate more, kept or not. */
export const inputAllocationMax = 32 * 1024 * 1024;

/** How long to make a found input smaller. */
const shrinkMsMax = 250;

/** Inputs of different shapes that are kept at a time. */
const poolMax = 512;

/** How long to go on. */
export interface FuzzBudget {
  readonly seed: string;
  /** Milliseconds; at least one input is tried. */
  readonly msMax: number;
  /** Inputs. */
  readonly runsMax?: number;
}

/** What a fuzzer found. */
export interface Finding {
  /** What happened: the message of what was thrown. */
  readonly law: string;
  /** The smallest input that was found to do so. */
  readonly input: Uint8Array;
}

/** What came of it. */
export interface FuzzReport {
  readonly target: string;
  readonly runs: number;
  /** Different shapes that were seen. */
  readonly shapes: number;
  readonly finding: Finding | null;
}

/** Fuzzes one target until it breaks a law or the budget is spent. */
export function fuzz(
  target: FuzzTarget,
  { seed, msMax, runsMax = Infinity }: FuzzBudget,
): FuzzReport {
  const prng = new Prng(`${seed} ${target.name}`);
  const seeds = target.seeds();
  const pool = seeds.length > 0 ? [...seeds] : [new Uint8Array(0)];
  /** Where in the pool the input of each shape is, as long as it is there. */
  const shapes = new Map<string, number>();
  const draw = (): Uint8Array => pool[prng.below(pool.length)]!;
  const started = performance.now();
  let runs = 0;
  do {
    const input =
      runs < seeds.length
        ? seeds[runs]!
        : prng.below(50) === 0
          ? randomBytes(prng, prng.below(300))
          : mutate(draw(), prng, draw);
    runs += 1;
    const { law, excess, shape } = measure(target, input);
    // The machine may have been busy, or collecting garbage: what is slow or large is so again.
    const broken = excess === null ? law : tryInput(target, input);
    if (broken !== null)
      return {
        target: target.name,
        runs,
        shapes: shapes.size,
        finding: shrink(target, input, broken),
      };
    const held = shapes.get(shape);
    if (held !== undefined) {
      // Of two inputs of one shape the shorter is worth more: a change hits something that matters.
      if (input.length < pool[held]!.length) pool[held] = input;
      continue;
    }
    const at = pool.length < poolMax ? pool.length : prng.below(pool.length);
    pool[at] = input;
    shapes.set(shape, at);
  } while (runs < runsMax && performance.now() - started < msMax);
  return { target: target.name, runs, shapes: shapes.size, finding: null };
}

/** Runs one input, and again if it is slow or large. @returns the law it broke, or null */
export function tryInput(target: FuzzTarget, input: Uint8Array): string | null {
  for (let attempt = 0; ; attempt++) {
    collectGarbage();
    const { law, excess } = measure(target, input);
    if (law !== null || excess === null || attempt === 1) return law ?? excess;
  }
}

function measure(
  target: FuzzTarget,
  input: Uint8Array,
): { law: string | null; excess: string | null; shape: string } {
  const bytesBefore = allocated();
  const started = performance.now();
  let law: string | null = null;
  let shape = '';
  try {
    shape = target.run(input);
  } catch (error) {
    law = error instanceof LawBroken ? error.message : `throws ${String(error)}`;
  }
  const ms = performance.now() - started;
  const bytes = allocated() - bytesBefore;
  const excess =
    ms > inputMsMax
      ? `takes more than ${inputMsMax} ms`
      : bytes > inputAllocationMax
        ? `allocates more than ${inputAllocationMax} bytes`
        : null;
  return { law, excess, shape };
}

/** Else a collection in the midst of an input would hide what it allocates. */
function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function allocated(): number {
  const { used_heap_size: heap, external_memory: external } = getHeapStatistics();
  return heap + external;
}

/** Makes an input small that breaks a law: takes parts out and bytes down as long as some law stays broken. */
function shrink(target: FuzzTarget, input: Uint8Array, law: string): Finding {
  const until = performance.now() + shrinkMsMax;
  let best: Finding = { law, input };
  const stillBreaks = (candidate: Uint8Array): boolean => {
    if (performance.now() > until) return false;
    const measured = measure(target, candidate);
    const broken = measured.excess === null ? measured.law : tryInput(target, candidate);
    if (broken !== null) best = { law: broken, input: candidate };
    return broken !== null;
  };
  const cut = (): void => {
    for (let length = best.input.length; length >= 1; length >>= 1)
      for (let start = 0; start + length <= best.input.length;)
        if (!stillBreaks(without(best.input, start, length))) start += length;
  };
  const lower = (at: number): boolean => {
    const byte = best.input[at]!;
    return [0, byte >> 1, byte - 1].some(
      (lower) => lower >= 0 && lower < byte && stillBreaks(best.input.with(at, lower)),
    );
  };
  cut();
  for (let at = 0; at < best.input.length; at++) while (lower(at));
  cut();
  return best;
}

function without(bytes: Uint8Array, start: number, length: number): Uint8Array {
  const result = new Uint8Array(bytes.length - length);
  result.set(bytes.subarray(0, start));
  result.set(bytes.subarray(start + length), start);
  return result;
}
