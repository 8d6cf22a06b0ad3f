/**
 * Commands to the node in somebody's name: what has changed is noted in the audit log, where there is one, and told to who
 * listens. Nobody waits for the line to be on the disk, as with commands to the controller: a node must be able to join where
 * the database of its controller does not answer.
 */
import type { NetworkJson } from '../api/schema/network.ts';
import type { NodeService } from '../api/service.ts';
import type { EventHub } from '../api/v1/event-hub.ts';
import { formatU64, type NetworkId } from '../base/ids.ts';
import type { Actor } from '../controller/access/audit-entry.ts';
import type { Audit, AuditedAction } from '../controller/access/audit.ts';
import { sameValue } from '../controller/same-value.ts';
import type { Now } from '../core/ports.ts';

/** What they go through. */
export interface NodeCommandParts {
  readonly service: NodeService;
  /** Null: there is none. */
  readonly audit: Audit | null;
  readonly events: EventHub;
  readonly now: () => Now;
}

/** The same node, in the name of an actor. */
export function nodeCommands(
  { service, audit, events, now }: NodeCommandParts,
  actor: Actor,
): NodeService {
  const note = (line: Omit<AuditedAction, 'actor'>): void => {
    audit?.write(now(), { actor, ...line });
  };
  return {
    ...service,
    join: async (id, permissions, token) => {
      const before = service.network(id);
      const joined = await service.join(id, permissions, token);
      const change = { ...permissions, ...(token === null ? {} : { byInvitation: true }) };
      // Programs send a join again and again, with all that they were shown, which then changes nothing.
      if (before === null || token !== null) note({ action: 'node.join', network: id, change });
      else if (!sameValue(permissionsOf(before), permissionsOf(joined)))
        note({ action: 'node.permissions', network: id, change });
      return joined;
    },
    leave: (id) => {
      const wasJoined = service.leave(id);
      if (wasJoined) {
        note({ action: 'node.leave', network: id });
        tellLeft(events, id);
      }
      return wasJoined;
    },
    orbit: (id, seed) => {
      const isHeld = service.moons().some((moon) => moon.id === formatU64(id));
      const moon = service.orbit(id, seed);
      if (!isHeld) note({ action: 'node.orbit', subject: formatU64(id) });
      return moon;
    },
    deorbit: (id) => {
      const wasFollowed = service.deorbit(id);
      if (wasFollowed) note({ action: 'node.deorbit', subject: formatU64(id) });
      return wasFollowed;
    },
    setConfig: async (settings) => {
      const before = service.config();
      await service.setConfig(settings);
      if (sameValue(before, service.config())) return;
      // The names alone: what an official service keeps there may be secret.
      note({ action: 'node.settings', change: { settings: Object.keys(settings) } });
    },
  };
}

function permissionsOf({
  allowManaged,
  allowManagedIn,
  allowGlobal,
  allowDefault,
  allowDNS,
}: NetworkJson): unknown {
  return [allowManaged, allowManagedIn ?? null, allowGlobal, allowDefault, allowDNS];
}

function tellLeft(events: EventHub, id: NetworkId): void {
  events.emit('joined', { network: formatU64(id), isLeft: true });
}
