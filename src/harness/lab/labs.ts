/** The labs of a home: which there are, which are stale, and how to get at one from another process. */
import { existsSync } from 'node:fs';

import { OverspanError } from '../../base/errors.ts';
import { shellIsAlive } from '../../sys/namespace.ts';
import { isAlive } from '../../sys/process-identity.ts';
import { labError } from './errors.ts';
import { makeHost, type LabHost } from './host.ts';
import { Journal, removeDrafts, type LabState } from './journal.ts';
import { undoLab } from './undo.ts';

export interface Sweep {
  /** The labs whose makers had died, now taken down. */
  readonly swept: readonly string[];
  /** What could not be taken down or read; the next sweep tries again. */
  readonly failures: readonly OverspanError[];
}

/** Takes down every lab whose maker has died. Every command that touches labs begins with it. */
export async function sweepLabs(home: string): Promise<Sweep> {
  const swept: string[] = [];
  const failures: OverspanError[] = [];
  removeDrafts(home);
  for (const journal of Journal.readAll(home)) {
    if (journal instanceof OverspanError) failures.push(journal);
    else if (isStale(journal.state)) {
      try {
        await undoLab(journal.state);
        journal.remove();
        swept.push(journal.state.id);
      } catch (error) {
        if (!(error instanceof OverspanError)) throw error;
        failures.push(error);
      }
    }
  }
  return { swept, failures };
}

/** The labs of a home as their journals say. Changes nothing. */
export function listLabs(home: string): LabState[] {
  return Journal.readAll(home).flatMap((journal) =>
    journal instanceof Journal ? [journal.state] : [],
  );
}

/** Whether a lab is left over: its maker has died, or its namespaces have. */
export function isStale(state: LabState): boolean {
  if (state.owner !== null) return !isAlive(state.owner);
  if (state.shell.kind === 'rootless') return !shellIsAlive(state.shell);
  return state.hosts.every(({ namespace }) => !existsSync(`/run/netns/${namespace}`));
}

/**
 * A host of a lab that is up.
 *
 * @param id - of the lab; undefined where there is only one
 * @throws LAB_NOT_FOUND, LAB_AMBIGUOUS, LAB_HOST_UNKNOWN
 */
export function openHost(home: string, id: string | undefined, name: string): LabHost {
  const { state } = findLab(home, id);
  const facts = state.hosts.find((host) => host.name === name);
  if (facts === undefined) {
    const known = state.hosts.map((host) => host.name).join(', ');
    throw labError('LAB_HOST_UNKNOWN', `lab ${state.id} has no host ${JSON.stringify(name)}`, {
      remedy: `use one of: ${known}`,
      details: { id: state.id, host: name },
    });
  }
  return makeHost(state.shell, state.id, facts);
}

/**
 * Takes a lab down.
 *
 * @param id - of the lab; undefined where there is only one
 * @returns the id of the lab
 * @throws LAB_NOT_FOUND, LAB_AMBIGUOUS, LAB_IN_USE, LAB_UNDO_FAILED
 */
export async function takeDownLab(home: string, id: string | undefined): Promise<string> {
  const journal = findLab(home, id);
  const { state } = journal;
  if (state.owner !== null && isAlive(state.owner)) {
    const { pid } = state.owner;
    throw labError('LAB_IN_USE', `lab ${state.id} belongs to process ${pid}, which is running`, {
      remedy: `stop it first: kill -INT ${pid}`,
      details: { id: state.id, pid },
    });
  }
  await undoLab(state);
  journal.remove();
  return state.id;
}

function findLab(home: string, id: string | undefined): Journal {
  const journals = Journal.readAll(home).filter((journal) => journal instanceof Journal);
  const found = journals.filter(({ state }) => id === undefined || state.id === id);
  const [first] = found;
  if (first === undefined) {
    const what = id === undefined ? 'there is no lab' : `there is no lab ${JSON.stringify(id)}`;
    throw labError('LAB_NOT_FOUND', what, {
      remedy: journals.length === 0 ? 'make one: overspan lab up' : 'see: overspan lab list',
      details: { id: id ?? null },
    });
  }
  if (found.length > 1) {
    const ids = found.map(({ state }) => state.id);
    throw labError('LAB_AMBIGUOUS', `there are ${found.length} labs: ${ids.join(', ')}`, {
      remedy: `name one: --lab ${ids[0] ?? ''} (for \`lab down\`: overspan lab down ${ids[0] ?? ''}, or --all)`,
      details: { ids },
    });
  }
  return first;
}
