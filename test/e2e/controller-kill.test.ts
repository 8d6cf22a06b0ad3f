/**
 * What a controller has acknowledged is there after `kill -9`: killed a hundred times while members are written;
 * `OVERSPAN_KILLS=1000 npm test -- test/e2e/controller-kill.test.ts` for more.
 */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { beforeAll, expect, it } from 'vitest';

import { Prng } from '../../src/base/prng.ts';
import { describeNodes, nodeLab } from './node-lab.ts';
import { stage, type Program } from './program.ts';

const killCount = Number(process.env['OVERSPAN_KILLS'] ?? 100);
const here = stage('controller-kill');
const lab = nodeLab(here, ['root']);
const root = lab.host('root');
const lines: string[] = [];
let daemon: Program;

beforeAll(async () => {
  daemon = await root.up('--no-devices');
  const { network } = await root.json<{ network: { id: string } }>('network', 'create');
  const words = ['http://127.0.0.1:9993', join(root.home, 'authtoken.secret'), network.id, '1'];
  root.start(
    [process.execPath, join(import.meta.dirname, '../programs/member-writer.mjs'), ...words],
    { timeoutMs: 5_000 * killCount + 60_000, onLine: (line) => lines.push(line) },
  );
});
async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; !condition(); turn++) {
    if (turn === 2_000)
      throw new Error(`nothing came for 20 s after: ${lines.slice(-3).join('; ')}`);
    await delay(10);
  }
}

describeNodes('a controller that is killed while it writes', () => {
  it(
    `has lost nothing that it acknowledged, ${killCount} times`,
    { timeout: 4_000 * killCount },
    async () => {
      const prng = new Prng('kill');
      for (let kill = 0; kill < killCount; kill++) {
        const before = lines.length;
        await until(() => lines.slice(before).some((line) => line.startsWith('ok ')));
        await delay(prng.below(40));
        await daemon.kill();
        const comparisons = lines.filter((line) => line.startsWith('kept ')).length;
        daemon = await root.up('--no-devices');
        await until(
          () =>
            lines.filter((line) => line.startsWith('kept ')).length > comparisons ||
            lines.some((line) => line.startsWith('lost ')),
        );
      }
      expect(lines.filter((line) => line.startsWith('lost '))).toEqual([]);
      const acknowledged = lines.filter((line) => line.startsWith('ok ')).length;
      // It was busy each time.
      expect(acknowledged).toBeGreaterThan(killCount);
    },
  );
});
