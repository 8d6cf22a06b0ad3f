/**
 * The write-ahead journal of one lab: `<home>/labs/<id>.json`, what was made and how to unmake it.
 *
 * Each undo action is in the file before its step is done, so whoever finds the journal of a dead maker can clean up.
 * The file is replaced by rename and is therefore whole at any moment. It is not synced to the disk: what a power cut
 * takes from the file it takes from the kernel too.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { join, resolve } from 'node:path';

import { z } from 'zod';

import { assert, errorCode, errorMessage, type OverspanError } from '../../base/errors.ts';
import { isAlive, processIdentity } from '../../sys/process-identity.ts';
import { labError } from './errors.ts';

const processSchema = z.object({
  pid: z.int().positive(),
  startTicks: z.string(),
  bootId: z.string(),
});

/** How to unmake one thing. Each tolerates that the thing was never made or is gone already. */
export const undoSchema = z.discriminatedUnion('kind', [
  /** Ends the processes of a named network namespace and deletes it. */
  z.object({ kind: z.literal('namespace'), scope: z.string(), namespace: z.string() }),
  /** Deletes a link in a namespace, with its addresses and routes. */
  z.object({
    kind: z.literal('link'),
    scope: z.string(),
    namespace: z.string(),
    link: z.string(),
  }),
  /** Ends the processes that carry the mark of an engine in their environment. */
  z.object({ kind: z.literal('processes'), scope: z.string(), mark: z.string() }),
  /** Removes a directory with all that is in it. */
  z.object({ kind: z.literal('directory'), scope: z.string(), path: z.string() }),
]);
/** `scope` is `lab` or the name of the engine that the thing belongs to. */
export type UndoAction = z.infer<typeof undoSchema>;

export const hostFactsSchema = z.object({
  name: z.string(),
  /** Place in the lab, from 1: the last number of its addresses. */
  index: z.int().positive(),
  namespace: z.string(),
  underlayAddress: z.string(),
  underlayInterface: z.string(),
});
export type HostFacts = z.infer<typeof hostFactsSchema>;

export const engineFactsSchema = z.object({
  name: z.string(),
  /** By the name of the host. */
  addresses: z.record(z.string(), z.string()),
  /** What packets from the first host to the second take, in words. */
  path: z.string(),
});
export type EngineFacts = z.infer<typeof engineFactsSchema>;

export const journalSchema = z.object({
  format: z.literal('overspan-lab'),
  version: z.literal(1),
  id: z.string().regex(/^[0-9a-f]{6}$/),
  createdAtUnixMs: z.int(),
  /** The process that makes or uses the lab; null when it was brought up to stay. */
  owner: processSchema.nullable(),
  /** Where its namespaces are. A rootless holder ends with its maker by itself until it is told to stay. */
  shell: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('root') }),
    z.object({ kind: z.literal('rootless'), holder: processSchema }),
  ]),
  phase: z.enum(['making', 'up', 'undoing']),
  topology: z.literal('pair'),
  hosts: z.array(hostFactsSchema),
  engines: z.array(engineFactsSchema),
  /** In the order in which things were made. */
  undo: z.array(undoSchema),
});
/** What the journal says. */
export type LabState = z.infer<typeof journalSchema>;

/** A journal and its file. One writer: the owner of the lab. */
export class Journal {
  readonly #directory: string;
  #state: LabState;

  private constructor(directory: string, state: LabState) {
    this.#directory = directory;
    this.#state = state;
  }

  /** Begins the journal of a new lab, owned by this process. @throws LAB_JOURNAL_UNREADABLE where it cannot be written */
  static create(home: string, shell: LabState['shell'], createdAtUnixMs: number): Journal {
    const directory = labsDirectory(home);
    const journal = new Journal(directory, {
      format: 'overspan-lab',
      version: 1,
      id: freshId(directory),
      createdAtUnixMs,
      owner: processIdentity(),
      shell,
      phase: 'making',
      topology: 'pair',
      hosts: [],
      engines: [],
      undo: [],
    });
    try {
      fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw unreadable(directory, error);
    }
    journal.update({});
    return journal;
  }

  /** The journals of a home; what cannot be read comes as its error. */
  static readAll(home: string): (Journal | OverspanError)[] {
    const directory = labsDirectory(home);
    return listDirectory(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .flatMap((name): (Journal | OverspanError)[] => {
        const path = join(directory, name);
        try {
          const state = journalSchema.parse(JSON.parse(fs.readFileSync(path, 'utf8')));
          return [new Journal(directory, state)];
        } catch (error) {
          // Taken down since we looked.
          return errorCode(error) === 'ENOENT' ? [] : [unreadable(path, error)];
        }
      });
  }

  get state(): LabState {
    return this.#state;
  }

  get path(): string {
    return join(this.#directory, `${this.#state.id}.json`);
  }

  /** Where an engine of the lab keeps its files, beside the journal. Made and removed by steps of the engine. */
  engineDirectory(engine: string): string {
    return resolve(this.#directory, `${this.#state.id}.${engine}`);
  }

  /** Changes fields and replaces the file. */
  update(change: Partial<LabState>): void {
    this.#state = { ...this.#state, ...change };
    const self = processIdentity();
    assert(self !== null, 'this process has an identity');
    // The name says who writes, so that what a killed writer left can be told from what is being written.
    const draft = join(
      this.#directory,
      `${this.#state.id}.${self.pid}.${self.startTicks}.${self.bootId}.tmp`,
    );
    try {
      fs.writeFileSync(draft, `${JSON.stringify(this.#state, null, 2)}\n`, { mode: 0o600 });
      fs.renameSync(draft, this.path);
    } catch (error) {
      fs.rmSync(draft, { force: true });
      throw unreadable(this.path, error);
    }
  }

  /** Forgets the lab. Idempotent. */
  remove(): void {
    fs.rmSync(this.path, { force: true });
  }
}

/** Removes the drafts that writers left when they were killed. */
export function removeDrafts(home: string): void {
  const directory = labsDirectory(home);
  for (const name of listDirectory(directory)) {
    const [, pid, startTicks, bootId, end] = name.split('.');
    if (end !== 'tmp' || startTicks === undefined || bootId === undefined) continue;
    if (!isAlive({ pid: Number(pid), startTicks, bootId }))
      fs.rmSync(join(directory, name), { force: true });
  }
}

function labsDirectory(home: string): string {
  return join(home, 'labs');
}

function listDirectory(directory: string): string[] {
  try {
    return fs.readdirSync(directory);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw unreadable(directory, error);
  }
}

/** Six hexadecimal digits that no lab of this home has, and, as root, no namespace of the host. */
function freshId(directory: string): string {
  for (;;) {
    const id = randomBytes(3).toString('hex');
    const taken = [
      join(directory, `${id}.json`),
      `/run/netns/ovs-${id}-a`,
      `/run/netns/ovs-${id}-b`,
    ];
    if (!taken.some((path) => fs.existsSync(path))) return id;
  }
}

function unreadable(path: string, error: unknown): OverspanError {
  const why = error instanceof z.ZodError ? z.prettifyError(error) : errorMessage(error);
  return labError('LAB_JOURNAL_UNREADABLE', `${path}: ${why.replaceAll('\n', ' ')}`, {
    remedy: 'check the directory given by --home; delete the file if it is damaged',
    cause: error,
    details: { path },
  });
}
