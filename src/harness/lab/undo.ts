/** Unmakes what a journal lists, in reverse, whatever is left of it. */
import { rm } from 'node:fs/promises';

import { errorMessage } from '../../base/errors.ts';
import { runCommand } from '../../sys/command.ts';
import { shellIsAlive, shellPrefix, type NamespaceShell } from '../../sys/namespace.ts';
import { endProcesses } from '../../sys/process-end.ts';
import { isAlive, processesMarked } from '../../sys/process-identity.ts';
import { labError } from './errors.ts';
import type { LabState, UndoAction } from './journal.ts';

/** The environment variable that marks every process of a lab with its id, so that it is found when the lab is gone. */
export const labMark = 'OVERSPAN_LAB';
/** The variable that marks the daemons of an engine with `<lab>/<engine>`, so that they end with it while the lab goes on. */
export const engineMark = 'OVERSPAN_LAB_ENGINE';

/**
 * Unmakes a whole lab: its processes, its namespaces and links, its holder. May be done twice, or by two at once.
 *
 * @throws LAB_UNDO_FAILED after everything was tried, with what is left
 */
export async function undoLab(state: LabState): Promise<void> {
  const failures: string[] = [];
  const running = await endProcesses(processesMarked(labMark, state.id));
  if (running > 0) failures.push(`${running} processes of the lab did not end`);
  const { shell } = state;
  // What is in the namespaces went with a rootless holder; what is beside them did not.
  const left = shellIsAlive(shell)
    ? state.undo
    : state.undo.filter(({ kind }) => kind === 'directory' || kind === 'processes');
  failures.push(...(await undoActions(shell, left)));
  if (shell.kind === 'rootless' && isAlive(shell.holder)) {
    const remaining = await endProcesses([shell.holder.pid]);
    if (remaining > 0) failures.push(`the holder ${shell.holder.pid} did not end`);
  }
  if (failures.length > 0) throw undoFailed(state.id, failures);
}

/** Does undo actions in reverse; goes on after a failure. @returns what failed, in words */
export async function undoActions(
  shell: NamespaceShell,
  actions: readonly UndoAction[],
): Promise<string[]> {
  const failures: string[] = [];
  for (const action of [...actions].reverse()) {
    try {
      await undoOne(shell, action);
    } catch (error) {
      failures.push(errorMessage(error));
    }
  }
  return failures;
}

/** @throws the error of the command when the thing is still there after it */
async function undoOne(shell: NamespaceShell, action: UndoAction): Promise<void> {
  const ip = (...words: string[]): Promise<{ stdout: string }> =>
    runCommand([...shellPrefix(shell), 'ip', ...words]);
  switch (action.kind) {
    case 'link': {
      const { namespace, link } = action;
      return unlessGone(
        () => ip('-n', namespace, 'link', 'delete', 'dev', link),
        () => ip('-n', namespace, 'link', 'show', 'dev', link),
      );
    }
    case 'processes': {
      const left = await endProcesses(processesMarked(engineMark, action.mark));
      if (left > 0) throw new Error(`${left} processes of ${action.mark} did not end`);
      return;
    }
    case 'directory':
      return rm(action.path, { recursive: true, force: true });
    case 'namespace':
      return undoNamespace(action.namespace, ip);
  }
}

async function undoNamespace(
  namespace: string,
  ip: (...words: string[]) => Promise<{ stdout: string }>,
): Promise<void> {
  const exists = async (): Promise<void> => {
    const { stdout } = await ip('netns', 'list');
    const names = stdout.split('\n').map((line) => line.split(' ')[0]);
    if (!names.includes(namespace)) throw new Error('gone');
  };
  await unlessGone(async () => {
    const { stdout } = await ip('netns', 'pids', namespace);
    await endProcesses(
      stdout
        .split('\n')
        .filter((line) => line !== '')
        .map(Number),
    );
    await ip('netns', 'delete', namespace);
  }, exists);
}

/** Removes a thing; a failure counts only while the thing can still be seen. */
async function unlessGone(
  remove: () => Promise<unknown>,
  look: () => Promise<unknown>,
): Promise<void> {
  try {
    await remove();
  } catch (error) {
    const gone = await look().then(
      () => false,
      () => true,
    );
    if (!gone) throw error;
  }
}

/** The error of a lab of which something is left. */
export function undoFailed(id: string, failures: readonly string[]): Error {
  return labError('LAB_UNDO_FAILED', `lab ${id}: ${failures.join('; ')}`, {
    remedy: `overspan lab down ${id}, as the user who made it`,
    details: { id, failures },
  });
}
