/** Every scenario of the virtual world holds from the seed of the gate. Other seeds: `npm run sim -- --runs 100`. */
import { describe, expect, it } from 'vitest';

import { describeFailure, runScenario } from '../../sim/runner.ts';
import { gateSeed, scenarios } from '../../sim/scenarios/index.ts';

describe.each(scenarios)('$name', (scenario) => {
  it(scenario.mustHold.join(' '), () => {
    const result = runScenario(scenario, gateSeed);
    const { failure } = result;
    if (failure !== null) expect.fail(describeFailure(failure));
    expect(result.packetCount).toBeGreaterThan(10);
  });
});
