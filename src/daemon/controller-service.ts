/** The controller of a node as the API shows it, in the objects of management.md 2.1 and 2.2. */
import type { NetworkChange } from '../api/schema/controller.ts';
import type { ControllerService } from '../api/service.ts';
import { formatAddress, type Address, type NetworkId } from '../base/ids.ts';
import { localActor } from '../controller/access/audit.ts';
import type { Controller } from '../controller/controller.ts';
import type { MemberRecord } from '../controller/member-record.ts';
import { memberChanges, memberJson, networkJson, settingsOf } from './controller-json.ts';
import { auditedCommands, type CommandParts } from './audited-commands.ts';

/** The service of a controller. Its commands throw what the controller's throw, and what {@link auditedCommands} say. */
export function controllerService(parts: CommandParts, controller: Controller): ControllerService {
  const { drive } = parts;
  const command = auditedCommands(parts, localActor);
  const members = (id: NetworkId): MemberRecord[] =>
    controller.members(drive.now(), id).map(({ record }) => record);
  const member = (id: NetworkId, address: Address): MemberRecord | undefined =>
    controller.member(drive.now(), id, address)?.record;
  const isThere = (id: NetworkId): boolean => controller.network(id) !== null;
  return {
    networks: () => controller.networks().map(({ networkId }) => networkId),
    network: (id) => {
      const record = controller.network(id);
      return record === null ? null : networkJson(record);
    },
    createNetwork: async (change) => {
      const settings = settingsOf(change);
      return networkJson(
        await command({ action: 'network.create', change: withoutTokens(change) }, (now) =>
          controller.createNetwork(now, settings),
        ),
      );
    },
    changeNetwork: async (id, change) => {
      const settings = settingsOf(change);
      return networkJson(
        await command(
          { action: 'network.change', network: id, change: withoutTokens(change) },
          (now) =>
            isThere(id)
              ? controller.setNetwork(now, id, settings)
              : controller.importNetwork(now, id, settings),
        ),
      );
    },
    deleteNetwork: async (id) => {
      const record = controller.network(id);
      if (record === null) return null;
      await command({ action: 'network.delete', network: id }, (now) => {
        controller.deleteNetwork(now, id);
      });
      return networkJson(record);
    },
    members: (id) => (isThere(id) ? members(id).map(memberJson) : null),
    member: (id, address) => {
      const record = member(id, address);
      return record === undefined ? null : memberJson(record);
    },
    changeMember: async (id, address, change) => {
      if (!isThere(id)) return null;
      const changes = memberChanges(change);
      const subject = formatAddress(address);
      return memberJson(
        await command({ action: 'member.change', network: id, subject, change }, (now) =>
          controller.setMember(now, id, address, changes),
        ),
      );
    },
    deleteMember: async (id, address) => {
      const record = member(id, address);
      if (record === undefined) return null;
      const subject = formatAddress(address);
      await command({ action: 'member.delete', network: id, subject }, (now) => {
        controller.deleteMember(now, id, address);
      });
      return memberJson(record);
    },
  };
}

/** For the log: a token in it would let its readers in. */
function withoutTokens({ authTokens, ...change }: NetworkChange): unknown {
  if (authTokens === undefined) return change;
  return { ...change, authTokens: `${Object.keys(authTokens).length} tokens` };
}
