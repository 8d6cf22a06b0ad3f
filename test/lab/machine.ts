/** What tests of labs look at: the state of the machine that a lab must leave as it was, and homes to keep labs in. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestContext } from 'vitest';

import type { NamespaceShell } from '../../src/sys/namespace.ts';
import { canUseRoot, startHolder } from '../../src/sys/namespace.ts';
import { runCommand } from '../../src/sys/command.ts';
import { processesMarked } from '../../src/sys/process-identity.ts';
import { labMark } from '../../src/harness/lab/undo.ts';

export type Kind = NamespaceShell['kind'];
export const kinds: readonly Kind[] = ['root', 'rootless'];

/** Namespaces and links of the host, and what is in the home's `labs`: equal before and after a lab. */
export async function machineState(home: string): Promise<unknown> {
  const [namespaces, links] = await Promise.all([
    runCommand(['ip', 'netns', 'list']),
    runCommand(['ip', '-br', 'link']),
  ]);
  return {
    namespaces: namespaces.stdout,
    links: links.stdout.split('\n').map((line) => line.split(' ')[0]),
    journals: listed(join(home, 'labs')),
  };
}

/** The processes of a lab that are left. */
export function processesOf(labId: string): number[] {
  return processesMarked(labMark, labId);
}

/** Runs a test in a home of its own. */
export async function inHome<T>(body: (home: string) => Promise<T>): Promise<T> {
  const home = mkdtempSync(join(tmpdir(), 'overspan-lab-'));
  try {
    return await body(home);
  } finally {
    rmSync(home, { recursive: true });
  }
}

/** Skips a test, with the reason, where the machine refuses this kind of lab. */
export async function needKind(context: TestContext, kind: Kind): Promise<void> {
  if (kind === 'root') {
    if (!(await canUseRoot())) context.skip('not root, or root may not make namespaces here');
    return;
  }
  const refusal = await startHolder().then(
    (holder) => holder.stop(),
    (error: unknown) => error,
  );
  if (refusal instanceof Error) context.skip(`rootless namespaces are refused: ${refusal.message}`);
}

function listed(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
