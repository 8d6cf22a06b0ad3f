/** An engine that does nothing but have a daemon on each host and a directory with a file in it. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { direct } from '../../src/harness/engine/direct.ts';
import type { Engine } from '../../src/harness/engine/index.ts';

/** Says that it is there, and stays until it is ended. */
const sleep = 'console.log("up"); setInterval(() => {}, 1000)';

export const sleeper: Engine = {
  ...direct,
  name: 'sleeper',
  up: async (context) => {
    await writeFile(join(await context.directory(), 'file'), 'of the engine');
    for (const host of context.hosts)
      await context.start({ host, name: 'sleeper', argv: [process.execPath, '-e', sleep] });
    return direct.up(context);
  },
};
