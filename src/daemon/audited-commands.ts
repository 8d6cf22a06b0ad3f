/** Commands to a controller in somebody's name: done, noted in the audit log, and answered when both are kept. */
import type { NetworkId } from '../base/ids.ts';
import type { Actor } from '../controller/access/audit-entry.ts';
import type { Audit, AuditedAction } from '../controller/access/audit.ts';
import type { DurableStore } from '../controller/store.ts';
import type { Now } from '../core/ports.ts';
import type { Drive } from './drive.ts';

/** What commands go through. */
export interface CommandParts {
  readonly drive: Drive;
  readonly store: DurableStore;
  readonly audit: Audit;
}

/**
 * Runs a command and writes its line. Throws what the body throws, with nothing written, and STORE_… where what it changed
 * could not be written yet: it holds nevertheless, and is written when the database answers.
 *
 * @param networkOf - of what was made, which has no number before
 */
export type AuditedCommand = <T>(
  line: Omit<AuditedAction, 'actor'>,
  body: (now: Now) => T,
  networkOf?: (value: T) => NetworkId,
) => Promise<T>;

/** The commands of one actor. */
export function auditedCommands(
  { drive, store, audit }: CommandParts,
  actor: Actor,
): AuditedCommand {
  return async (line, body, networkOf) => {
    const result = drive.command((now) => {
      const value = body(now);
      const made = networkOf === undefined ? {} : { network: networkOf(value) };
      audit.write(now, { actor, ...line, ...made });
      return value;
    });
    await store.flushed();
    return result;
  };
}
