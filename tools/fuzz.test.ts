import { describe, expect, it } from 'vitest';

import { toHex } from '../src/base/bytes.ts';
import { Prng } from '../src/base/prng.ts';
import { canaries } from '../test/fuzz/canaries.ts';
import { keptInputs } from '../test/fuzz/corpus.ts';
import { fuzz, tryInput } from '../test/fuzz/fuzzer.ts';
import { inputBytesMax, mutate, mutateOnce, mutationNames } from '../test/fuzz/mutate.ts';
import { targets } from '../test/fuzz/targets.ts';

/** All targets together, in the gate; `npm run fuzz -- --minutes N` goes on. */
const smokeMs = 3000;
const seed = 'gate';

describe('the fuzzer', () => {
  it.each(canaries)('finds the mistake of $target.name', ({ target, law }) => {
    const { finding } = fuzz(target, { seed, msMax: 5000, runsMax: 20_000 });
    expect(finding?.law).toMatch(law);
    expect(tryInput(target, finding!.input)).toMatch(law);
  });

  it('makes what it finds small', () => {
    const { target } = canaries[0]!;
    const { finding } = fuzz(target, { seed, msMax: 5000, runsMax: 20_000 });
    // Kind 7 and five items is the least that breaks it.
    expect(toHex(finding!.input)).toBe('0700050000000000');
  });

  it('finds nothing in the same decoder without a mistake', () => {
    const { target } = canaries.find(({ target: { name } }) => name === 'canary-unescaped')!;
    expect(tryInput(target, Uint8Array.of(1, 0, 2, 0x41, 0x42))).toBeNull();
  });

  it('tries equal inputs for equal seeds', () => {
    const inputs = (text: string): string[] => {
      const prng = new Prng(text);
      const base = Uint8Array.from({ length: 40 }, (_, i) => i);
      return Array.from({ length: 50 }, () => toHex(mutate(base, prng, () => base)));
    };
    expect(inputs('a')).toEqual(inputs('a'));
    expect(inputs('a')).not.toEqual(inputs('b'));
  });

  it.each(mutationNames)('changes inputs of any length by %s', (name) => {
    const prng = new Prng(name);
    const other = Uint8Array.from({ length: 100 }, (_, i) => 0xff - i);
    let changed = 0;
    for (const length of [0, 1, 2, 9, 100, inputBytesMax])
      for (let i = 0; i < 20; i++) {
        const bytes = new Uint8Array(length).fill(0x55);
        const mutated = mutateOnce(name, bytes.slice(), prng, () => other);
        expect(mutated.length).toBeLessThanOrEqual(inputBytesMax);
        if (toHex(mutated) !== toHex(bytes)) changed++;
      }
    expect(changed).toBeGreaterThan(20);
  });
});

describe('the targets', () => {
  it('have names of their own', () => {
    const names = targets.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
    expect(names.every((name) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(name))).toBe(true);
    expect(names.length).toBeGreaterThan(60);
  });

  it('withstand what was found before', () => {
    for (const { file, target: name, input } of keptInputs()) {
      const target = targets.find((each) => each.name === name);
      expect(target, `${file} is of a target`).toBeDefined();
      expect(tryInput(target!, input), file).toBeNull();
    }
  });

  it(`withstand ${smokeMs} ms of fuzzing with the seed "${seed}"`, () => {
    const reports = targets.map((target) =>
      fuzz(target, { seed, msMax: smokeMs / targets.length }),
    );
    const runs = reports.reduce((sum, report) => sum + report.runs, 0);
    console.log(`fuzzed ${targets.length} targets with ${runs} inputs, seed "${seed}"`);
    for (const { target, finding } of reports)
      expect(
        finding,
        `${target}: ${finding?.law} on ${toHex(finding?.input ?? new Uint8Array())}`,
      ).toBeNull();
    expect(runs).toBeGreaterThan(targets.length * 5);
  });
});
