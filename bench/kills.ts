/**
 * Whether a controller keeps what it acknowledged when it is killed while it writes, a thousand times: eight writers, `kill -9` at a
 * random moment, and all that was ever acknowledged compared with what is there after each start.
 *
 * `npm run bench kills [-- --times N]`; a thousand take about 20 minutes.
 */
import { parseArgs } from 'node:util';

import { killWhileWriting, type Kills } from '../test/programs/controller-kills.ts';
import { nodeHosts } from '../test/programs/node-hosts.ts';
import { openPrograms } from '../test/programs/program.ts';

const tellEvery = 100;

/** Kills and prints. @returns whether nothing was lost */
export async function run(words: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...words],
    options: { times: { type: 'string', default: '1000' } },
  });
  const programs = openPrograms('bench-kills');
  const lab = nodeHosts(programs, ['root']);
  try {
    await lab.raise();
    const result = await killWhileWriting(lab.host('root'), Number(values.times), (soFar) => {
      if (soFar.kills % tellEvery === 0) console.log(told(soFar));
    });
    console.log(result.lost.length === 0 ? 'nothing was lost' : `lost: ${result.lost.join(' ')}`);
    return result.lost.length === 0;
  } finally {
    await programs.close();
    await lab.close();
  }
}

function told({ kills, acknowledged, comparisons, lost }: Kills): string {
  return `${kills} kills: ${acknowledged} writes acknowledged, compared ${comparisons} times, ${lost.length} lost`;
}
