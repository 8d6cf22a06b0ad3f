/** The audit log: who changed what, written with the change itself, so that neither is there without the other. */
import { formatU64, type NetworkId } from '../../base/ids.ts';
import type { Now } from '../../core/ports.ts';
import type { Store } from '../store.ts';
import type { Actor, AuditEntry } from './audit-entry.ts';

/** The holder of the daemon's own token. */
export const localActor: Actor = { kind: 'local', id: '', name: '' };

/** What is to be written. */
export interface AuditedAction {
  readonly actor: Actor;
  readonly action: string;
  readonly network?: NetworkId;
  readonly subject?: string;
  readonly change?: unknown;
}

/** Writes the log. */
export class Audit {
  readonly #store: Store;
  #lastMs = 0;
  #count = 0;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Adds a line; it is kept with what else was saved in this turn. */
  write({ wallMs }: Now, { actor, action, network, subject, change }: AuditedAction): void {
    // However the clock steps, ids of one run ascend.
    const ms = Math.max(this.#lastMs, Math.floor(wallMs));
    this.#count = ms === this.#lastMs ? this.#count + 1 : 0;
    this.#lastMs = ms;
    const entry: AuditEntry = {
      id: ms.toString(16).padStart(12, '0') + this.#count.toString(16).padStart(8, '0'),
      atMs: wallMs,
      actor,
      action,
      network: network === undefined ? null : formatU64(network),
      subject: subject ?? null,
      change: change ?? null,
    };
    this.#store.save({ kind: 'audit', entry });
  }
}
