/** A seed decides everything: what failed once can be looked at again. */
import { readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { describeFailure, runScenario } from '../../sim/runner.ts';
import type { Scenario } from '../../sim/scenario.ts';
import { chaos } from '../../sim/scenarios/chaos.ts';
import { startOnline } from '../../sim/scenarios/start-online.ts';

describe('a run', () => {
  it.each([startOnline, chaos])(
    'of $name sends the same packets from the same seed',
    (scenario) => {
      const first = runScenario(scenario, 'replay');
      expect(runScenario(scenario, 'replay')).toEqual(first);
      expect(runScenario(scenario, 'another').packetDigest).not.toBe(first.packetDigest);
    },
  );

  it('that fails says what did not hold, what was sent last, and how to see it again', () => {
    const failing: Scenario = {
      ...startOnline,
      run: (world, settings) => {
        startOnline.run(world, settings);
        return world.fail('the moon is made of cheese');
      },
    };
    const { failure } = runScenario(failing, 'replay');
    if (failure === null) expect.fail('it must fail');
    const text = describeFailure(failure);
    expect(text).toMatch(/^the moon is made of cheese \(at \d+\.\d{3} s\)/);
    expect(text).toMatch(/R = [0-9a-f]{10}, A = [0-9a-f]{10}/);
    expect(text).toMatch(/ {2}◀─*●.* clear +HELLO /);
    expect(text).toMatch(/●─*▶.* OK +re HELLO /);
    expect(text).toContain('replay: npm run sim -- --scenario start-online --seed replay\n');
  });

  it('that meets a fault of our own code fails with its place', () => {
    const broken: Scenario = {
      ...startOnline,
      run: () => {
        throw new Error('invariant broken: one is two');
      },
    };
    expect(runScenario(broken, 'replay').failure?.message).toMatch(
      /one is two\n.*replay\.test\.ts/s,
    );
  });
});

describe('the virtual world', () => {
  it('reads no clock, draws no randomness and waits for nothing', () => {
    const files = readdirSync('sim', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|^main\.ts$/.test(file))
      .map((file) => `sim/${file}`);
    expect(files.length).toBeGreaterThan(20);
    const pattern = /Date\.now|new Date|performance\.|hrtime|Math\.random|setTimeout|await /;
    expect(files.filter((file) => pattern.test(readFileSync(file, 'utf8')))).toEqual([]);
  });
});
