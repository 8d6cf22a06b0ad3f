/**
 * Commands to the node in somebody's name: what has changed is noted in the audit log, where there is one, and told to who
 * listens. Nobody waits for the line to be on the disk, as with commands to the controller: a node must be able to join where
 * the database of its controller does not answer.
 */
import type { NodeService } from '../api/service.ts';
import type { EventHub } from '../api/v1/event-hub.ts';
import { formatU64, type NetworkId } from '../base/ids.ts';
import type { Actor } from '../controller/access/audit-entry.ts';
import type { Audit, AuditedAction } from '../controller/access/audit.ts';
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
      const isNew = service.network(id) === null;
      const joined = await service.join(id, permissions, token);
      // Programs send a join again and again, which then changes nothing.
      const isChange = Object.keys(permissions).length > 0;
      const change = { ...permissions, ...(token === null ? {} : { byInvitation: true }) };
      if (isNew || token !== null) note({ action: 'node.join', network: id, change });
      else if (isChange) note({ action: 'node.permissions', network: id, change });
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
      const moon = service.orbit(id, seed);
      note({ action: 'node.orbit', subject: formatU64(id) });
      return moon;
    },
    deorbit: (id) => {
      service.deorbit(id);
      note({ action: 'node.deorbit', subject: formatU64(id) });
    },
    setConfig: async (settings) => {
      await service.setConfig(settings);
      // The names alone: what an official service keeps there may be secret.
      note({ action: 'node.settings', change: { settings: Object.keys(settings) } });
    },
  };
}

function tellLeft(events: EventHub, id: NetworkId): void {
  events.emit('joined', { network: formatU64(id), isLeft: true });
}
