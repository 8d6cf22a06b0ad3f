/**
 * A lab: two hosts on this machine and overlays between them, made step by step and unmade in reverse, whatever
 * happens. {@link withLab} for as long as a function runs; {@link raiseLab} to stay until it is taken down.
 */
import { assert } from '../../base/errors.ts';
import { systemClock } from '../../sys/clock.ts';
import type { Holder, NamespaceShell } from '../../sys/namespace.ts';
import type { Engine, OverlayNetwork, PathFacts, Subnet } from '../engine/engine.ts';
import { enginesNamed } from '../engine/index.ts';
import { workspaceOf } from './daemon.ts';
import type { LabHost } from './host.ts';
import { Journal, type LabState } from './journal.ts';
import { sweepLabs } from './labs.ts';
import { openShell } from './shell.ts';
import { stepsOf } from './steps.ts';
import { makePair, pairFacts, type Pair } from './topologies/pair.ts';
import { undoActions, undoFailed, undoLab } from './undo.ts';

export interface LabOptions {
  /** The state directory; journals are in `labs` below it. */
  readonly home: string;
  /** Names of engines, brought up in this order. */
  readonly engines: readonly string[];
  /** True: in a user namespace also as root. Without it, rootless only where it has to be. */
  readonly rootless?: boolean;
  /** Stops the making; what was made is undone. What to do with it in the body is the body's choice. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each step before it is done. */
  readonly onStep?: ((what: string) => void) | undefined;
  /** Told what engines want people to know while they come up. */
  readonly onTell?: ((engine: string, line: string) => void) | undefined;
}

/** An overlay that is up, with both hosts as members. */
export interface LabEngine {
  readonly name: string;
  /** What packets from a to b take. */
  readonly path: PathFacts;
  readonly network: OverlayNetwork;
  /** The overlay address under which the other host reaches this one. */
  addressOf(host: LabHost): string;
}

export interface Lab {
  readonly id: string;
  /** `root`: namespaces of the host. `rootless`: in a user namespace of their own. */
  readonly kind: NamespaceShell['kind'];
  readonly hosts: Pair;
  /** In the order in which they were brought up. */
  readonly engines: readonly LabEngine[];
  /** Brings one more engine up. When it fails, its own steps are undone and the lab is as before. */
  raise(engine: Engine): Promise<LabEngine>;
}

/**
 * Makes a lab, runs a function with it and takes it down, also when the function throws.
 *
 * @throws LAB_NAMESPACES_REFUSED before anything was made; ENGINE_NOT_FOUND; LAB_INTERRUPTED; LAB_UNDO_FAILED; what a
 *   command of a step or the body throws
 * @example await withLab({ home, engines: ['direct', 'vxlan'] }, (lab) => lab.hosts.a.run(['ip', 'address']));
 */
export async function withLab<T>(options: LabOptions, body: (lab: Lab) => Promise<T>): Promise<T> {
  const making = await makeLab(options);
  let result: T;
  try {
    result = await body(making.lab);
  } catch (error) {
    await afterError(error, () => takeDown(making));
    throw error;
  }
  await takeDown(making);
  return result;
}

/** Makes a lab that stays when this process ends. @returns what its journal says; throws as {@link withLab} */
export async function raiseLab(options: LabOptions): Promise<LabState> {
  const making = await makeLab(options);
  const { journal, holder } = making;
  try {
    await holder?.stay();
    // Until here the lab has an owner whose death makes it stale; from here it lives on its own.
    journal.update({ owner: null });
    return journal.state;
  } catch (error) {
    await afterError(error, () => takeDown(making));
    throw error;
  }
}

interface Making {
  readonly journal: Journal;
  readonly holder: Holder | null;
  readonly lab: Lab;
}

async function makeLab(options: LabOptions): Promise<Making> {
  const { home, signal, onStep } = options;
  const wanted = enginesNamed(options.engines);
  // What is left of dead makers goes first. What cannot go is no reason to fail: `lab list` and `doctor` tell it.
  await sweepLabs(home);
  const { shell, holder } = await openShell(options.rootless ?? false, signal);
  let journal: Journal | undefined;
  try {
    journal = Journal.create(home, shell, systemClock.wallMs());
    const { id } = journal.state;
    journal.update({ hosts: [...pairFacts(id)] });
    const step = stepsOf(journal, { scope: 'lab', signal, onStep });
    const hosts = await makePair(shell, id, step);
    const lab = new RunningLab(journal, shell, hosts, options);
    for (const engine of wanted) await lab.raise(engine);
    journal.update({ phase: 'up' });
    return { journal, holder, lab };
  } catch (error) {
    const begun = journal;
    if (begun === undefined) await holder?.stop();
    else await afterError(error, () => takeDown({ journal: begun, holder }));
    throw error;
  }
}

/** Takes down and forgets. @throws LAB_UNDO_FAILED, and the journal stays for the next sweep */
async function takeDown({ journal, holder }: Pick<Making, 'journal' | 'holder'>): Promise<void> {
  journal.update({ phase: 'undoing' });
  await undoLab(journal.state);
  await holder?.stop();
  journal.remove();
}

/**
 * Cleans up after an error, which stays the one to be told. What could not be cleaned up is in the journal, where the
 * next sweep finds it.
 */
async function afterError(error: unknown, cleanUp: () => Promise<void>): Promise<void> {
  try {
    await cleanUp();
  } catch (second) {
    if (error instanceof Error) error.cause ??= second;
  }
}

class RunningLab implements Lab {
  readonly id: string;
  readonly kind: NamespaceShell['kind'];
  readonly hosts: Pair;
  readonly #journal: Journal;
  readonly #shell: NamespaceShell;
  readonly #options: LabOptions;
  readonly #engines: LabEngine[] = [];
  #subnetCount = 0;

  constructor(journal: Journal, shell: NamespaceShell, hosts: Pair, options: LabOptions) {
    this.id = journal.state.id;
    this.kind = shell.kind;
    this.hosts = hosts;
    this.#journal = journal;
    this.#shell = shell;
    this.#options = options;
  }

  get engines(): readonly LabEngine[] {
    return this.#engines;
  }

  async raise(engine: Engine): Promise<LabEngine> {
    const scope = engine.name;
    assert(!this.#engines.some(({ name }) => name === scope), 'an engine is brought up once');
    const hosts = [this.hosts.a, this.hosts.b];
    const { signal, onStep, onTell } = this.#options;
    const undo = (): Promise<void> => this.#undo(scope);
    const step = stepsOf(this.#journal, { scope, signal, onStep });
    try {
      const network = await engine.up({
        hosts,
        subnet: subnetNumbered(++this.#subnetCount),
        step,
        ...workspaceOf(step, this.#journal.engineDirectory(scope), `${this.id}/${scope}`),
        tell: (line) => onTell?.(scope, line),
        signal,
        undo,
      });
      for (const host of hosts) await network.join(host);
      const path = await network.path(this.hosts.a, this.hosts.b);
      const raised: LabEngine = {
        name: scope,
        path,
        network,
        addressOf: (host) => network.address(host),
      };
      this.#engines.push(raised);
      const addresses = Object.fromEntries(hosts.map((host) => [host.name, network.address(host)]));
      const facts = { name: scope, addresses, path: path.description };
      this.#journal.update({ engines: [...this.#journal.state.engines, facts] });
      return raised;
    } catch (error) {
      await afterError(error, undo);
      throw error;
    }
  }

  /** Undoes the steps of one engine and forgets them. */
  async #undo(scope: string): Promise<void> {
    const { undo, engines, id } = this.#journal.state;
    const failures = await undoActions(
      this.#shell,
      undo.filter((action) => action.scope === scope),
    );
    if (failures.length > 0) throw undoFailed(id, failures);
    this.#journal.update({
      undo: undo.filter((action) => action.scope !== scope),
      engines: engines.filter(({ name }) => name !== scope),
    });
    const index = this.#engines.findIndex(({ name }) => name === scope);
    if (index >= 0) this.#engines.splice(index, 1);
  }
}

/** 10.78.N.0/24 for the N-th engine of a lab; the last number of an address is the host's. */
function subnetNumbered(number: number): Subnet {
  assert(number <= 255, 'a lab has at most 255 overlays');
  return {
    cidr: `10.78.${number}.0/24`,
    prefixLength: 24,
    addressOf: ({ index }) => `10.78.${number}.${index}`,
  };
}
