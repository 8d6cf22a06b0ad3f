/**
 * The hosts of a test file: made before its tests, and gone after them. See `test/programs/node-hosts.ts`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';

import { nodeHosts, type NodeHost, type NodeHosts } from '../programs/node-hosts.ts';
import { tapRefusal } from '../tap-access.ts';
import type { Stage } from './program.ts';

export type { NodeHost };

/** Declares tests of nodes with devices; skipped, with the reason, where this user may make none. */
export function describeNodes(title: string, body: () => void): void {
  if (tapRefusal === null) describe(title, body);
  else describe.skip(`${title} (skipped: ${tapRefusal})`, body);
}

/** What has stopped the story of this file: the name of the step that failed. */
let stoppedBy: string | null = null;

/**
 * Like `describeNodes`, for tests that tell one story: each goes on where the one before left the page, so after a step that failed
 * the rest of the file is skipped, which would only wait for what cannot come.
 */
export function describeStory(title: string, body: () => void): void {
  describeNodes(title, () => {
    beforeEach(({ skip }) => {
      if (stoppedBy !== null) skip(`the step before it failed: ${stoppedBy}`);
    });
    afterEach(({ task }) => {
      if (task.result?.state === 'fail') stoppedBy = task.name;
    });
    body();
  });
}

/**
 * Makes the hosts before the tests of a file, and takes them away after them.
 *
 * @param names - the first one is the root
 */
export function nodeLab(here: Stage, names: readonly string[]): Omit<NodeHosts, 'raise' | 'close'> {
  const hosts = nodeHosts(here, names);
  beforeAll(() => hosts.raise());
  afterAll(() => hosts.close());
  return hosts;
}
