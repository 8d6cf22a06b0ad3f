/** The worlds that a trace has seen, for one thing: whose signature their next revisions must bear (vl1 5.1). */
import { formatU64 } from '../../base/ids.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { verifyWorld, type World } from '../world.ts';
import type { SignatureVerdict } from './trace-record.ts';

/** Worlds, and revisions of each, that are kept. */
const worldsMax = 1_024;
const revisionsMax = 16;

interface Revision {
  readonly timestamp: bigint;
  /** 64 bytes: signs the next one. */
  readonly updateKey: Uint8Array;
}

/** Revisions by world. */
export class WorldBook {
  readonly #provider: CryptoProvider;
  readonly #revisions = new Map<string, Revision[]>();

  constructor(provider: CryptoProvider) {
    this.#provider = provider;
  }

  /** Remembers a revision, unless its signature is wrong. What is over the limits is not remembered. */
  add(world: World): void {
    const name = nameOf(world);
    const known = this.#revisions.get(name) ?? [];
    if (known.some(({ timestamp }) => timestamp === world.timestamp)) return;
    if (known.length === revisionsMax || this.#revisions.size === worldsMax) return;
    if (this.verdict(world) === 'bad') return;
    known.push({ timestamp: world.timestamp, updateKey: world.updateKey.slice() });
    this.#revisions.set(name, known);
  }

  /**
   * Whether the key that the revision before it names signed a world. Where none before it is known, it is held against
   * the key it names itself, which is what signs most worlds: `good`, or else `unknown`.
   */
  verdict(world: World): SignatureVerdict['verdict'] {
    let previous: Revision | null = null;
    for (const revision of this.#revisions.get(nameOf(world)) ?? [])
      if (revision.timestamp < world.timestamp && revision.timestamp > (previous?.timestamp ?? -1n))
        previous = revision;
    const isSigned = verifyWorld(this.#provider, previous?.updateKey ?? world.updateKey, world);
    if (isSigned) return 'good';
    return previous === null ? 'unknown' : 'bad';
  }
}

function nameOf({ kind, id }: World): string {
  return `${kind} ${formatU64(id)}`;
}
