/** The node of a daemon as /api/v1 shows it: beside its controller, or alone where it has none. */
import { noController } from '../api/backend/problems.ts';
import type { EventHub } from '../api/v1/event-hub.ts';
import { chooseFreeRange, usedByNetworks, usedByPrefixes } from '../api/v1/free-range.ts';
import { lackingManagement } from '../api/v1/lacking-management.ts';
import { nodeManagement, type NodeManagement } from '../api/v1/node-management.ts';
import type { ApiV1Host } from '../api/v1/service.ts';
import type { Actor } from '../controller/access/audit-entry.ts';
import { localActor } from '../controller/access/audit.ts';
import type { NetworkSettings } from '../controller/network-record.ts';
import type { Entropy } from '../core/ports.ts';
import type { MemoryLog } from './log-memory.ts';
import { nodeCommands, type NodeCommandParts } from './node-commands.ts';

/** What the node of a daemon is made of. */
export interface DaemonNodeParts extends NodeCommandParts {
  readonly log: MemoryLog;
  readonly entropy: Entropy;
  /** Prefixes that the machine knows a way to. */
  readonly ranges: () => Promise<readonly string[]>;
  /** Settings of the networks that are owned. */
  readonly owned: () => readonly NetworkSettings[];
}

/** The node, in the name of each actor. */
export function daemonNode(parts: DaemonNodeParts): (actor: Actor) => NodeManagement {
  const { service, log, entropy, now } = parts;
  return (actor) =>
    nodeManagement({
      source: nodeCommands(parts, actor),
      hasController: () => service.controller !== null,
      wallMs: () => now().wallMs,
      log: (limit) => log.last(limit),
      freeRange: async () => {
        const used = [
          ...usedByPrefixes(await parts.ranges()),
          ...usedByNetworks(parts.owned()),
          ...usedByNetworks(service.networks()),
        ];
        return chooseFreeRange(used, (bytes) => {
          entropy.fill(bytes);
        });
      },
    });
}

/** What serves /api/v1 for a daemon without a controller: nobody but the holder of its own token is known. */
export function hostWithoutController(parts: {
  readonly node: (actor: Actor) => NodeManagement;
  readonly events: EventHub;
  readonly isOwnToken: (text: string) => boolean;
}): ApiV1Host {
  return {
    callerOf: (text) => (parts.isOwnToken(text) ? { ...localActor, scopes: ['admin'] } : null),
    as: ({ kind, id, name }) => lackingManagement(parts.node({ kind, id, name }), noController),
    listen: (after, onEvent) => parts.events.listen(after, onEvent),
  };
}
