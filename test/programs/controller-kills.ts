/** A controller that is killed again and again while members are written, and whether all that it acknowledged was there after each kill. */
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { Prng } from '../../src/base/prng.ts';
import type { NodeHost } from './node-hosts.ts';

/** What came of it. */
export interface Kills {
  readonly kills: number;
  /** Writes that were acknowledged. */
  readonly acknowledged: number;
  /** Comparisons that found all of them. */
  readonly comparisons: number;
  /** Members that were acknowledged and were not there afterwards; ends with the first comparison that finds some. */
  readonly lost: readonly string[];
}

/** Starts a daemon on the host, and kills it so many times. @param onKill - told after each */
export async function killWhileWriting(
  root: NodeHost,
  times: number,
  onKill: (soFar: Kills) => void = () => undefined,
): Promise<Kills> {
  let daemon = await root.up('--no-devices');
  const { network } = await root.json<{ network: { id: string } }>('network', 'create');
  let [kills, acknowledged, comparisons] = [0, 0, 0];
  const lost: string[] = [];
  const soFar = (): Kills => ({ kills, acknowledged, comparisons, lost });
  const writer = root.start(
    [
      ...[process.execPath, join(import.meta.dirname, 'member-writer.mjs')],
      ...['http://127.0.0.1:9993', join(root.home, 'authtoken.secret'), network.id, '1'],
    ],
    {
      timeoutMs: 10_000 * times + 60_000,
      onLine: (line) => {
        if (line.startsWith('ok ')) acknowledged++;
        else if (line.startsWith('kept ')) comparisons++;
        else if (line.startsWith('lost ')) lost.push(line.slice(5));
      },
    },
  );
  try {
    const prng = new Prng('kill');
    while (kills < times && lost.length === 0) {
      const [writes, compared] = [acknowledged, comparisons];
      await until(() => acknowledged > writes, 'write');
      await delay(prng.below(40));
      await daemon.kill();
      daemon = await root.up('--no-devices');
      await until(() => comparisons > compared || lost.length > 0, 'comparison');
      kills++;
      onKill(soFar());
    }
    return soFar();
  } finally {
    await writer.kill();
    await daemon.kill();
  }
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (let turn = 0; !isSo(); turn++) {
    if (turn === 6_000) throw new Error(`no ${what} in a minute`);
    await delay(10);
  }
}
