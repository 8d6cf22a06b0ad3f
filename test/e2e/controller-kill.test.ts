/** What a controller has acknowledged is there after `kill -9`: forty times here, a thousand in `npm run bench kills`. */
import { expect, it } from 'vitest';

import { killWhileWriting } from '../programs/controller-kills.ts';
import { describeNodes, nodeLab } from './node-lab.ts';
import { stage } from './program.ts';

const kills = 40;
const lab = nodeLab(stage('controller-kill'), ['root']);

describeNodes('a controller that is killed while it writes', () => {
  it(`has lost nothing that it acknowledged, ${kills} times`, { timeout: 600_000 }, async () => {
    const { lost, comparisons, acknowledged } = await killWhileWriting(lab.host('root'), kills);
    expect(lost).toEqual([]);
    expect(comparisons).toBeGreaterThanOrEqual(kills);
    // It was busy each time.
    expect(acknowledged).toBeGreaterThan(kills);
  });
});
