/** The controller of a node as the API shows it, in the objects of management.md 2.1 and 2.2; a part of what they hold. */
import type {
  MemberChange,
  MemberJson,
  NetworkChange,
  OwnedNetworkJson,
} from '../api/schema/controller.ts';
import type { ControllerService } from '../api/service.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../base/ids.ts';
import type { Controller } from '../controller/controller.ts';
import type { MemberRecord } from '../controller/member-record.ts';
import type { DurableStore } from '../controller/store.ts';
import type { Now } from '../core/ports.ts';
import type { NetworkRecord, NetworkSettings } from '../controller/network-record.ts';
import { formatIdentity } from '../wire/identity.ts';
import type { Drive } from './drive.ts';

/**
 * The service of a controller. Its commands throw what the controller's throw, and STORE_… where what they changed could not
 * be written yet: it holds nevertheless, and is written when the database answers.
 */
export function controllerService(
  drive: Drive,
  controller: Controller,
  store: DurableStore,
): ControllerService {
  /** Makes a change, and waits until it is kept. */
  const changed = async <T>(body: (now: Now) => T): Promise<T> => {
    const result = drive.command(body);
    await store.flushed();
    return result;
  };
  const members = (id: NetworkId): MemberRecord[] =>
    controller.members(drive.now(), id).map(({ record }) => record);
  const member = (id: NetworkId, address: Address): MemberRecord | undefined =>
    members(id).find((record) => record.address === address);
  const isThere = (id: NetworkId): boolean => controller.network(id) !== null;
  return {
    networks: () => controller.networks().map(({ networkId }) => networkId),
    network: (id) => {
      const record = controller.network(id);
      return record === null ? null : networkJson(record);
    },
    createNetwork: async (change) =>
      networkJson(await changed((now) => controller.createNetwork(now, settingsOf(change)))),
    changeNetwork: async (id, change) =>
      isThere(id)
        ? networkJson(await changed((now) => controller.setNetwork(now, id, settingsOf(change))))
        : null,
    deleteNetwork: async (id) => {
      const record = controller.network(id);
      if (record === null) return null;
      await changed((now) => {
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
      return memberJson(
        await changed((now) => {
          const { authorized, ...others } = change;
          let record = controller.setMember(now, id, address, memberSettings(others));
          if (authorized === true) record = controller.authorize(now, id, address);
          if (authorized === false && record.authorization !== null)
            record = controller.deauthorize(now, id, address);
          return record;
        }),
      );
    },
  };
}

function settingsOf(change: NetworkChange): Partial<NetworkSettings> {
  const { v4AssignMode, v6AssignMode, routes, ipAssignmentPools } = change;
  return given({
    name: change.name,
    isPrivate: change.private,
    hasBroadcast: change.enableBroadcast,
    mtu: change.mtu,
    multicastLimit: change.multicastLimit,
    assignsIpv4: v4AssignMode?.zt,
    assignsRfc4193: v6AssignMode?.rfc4193,
    assigns6plane: v6AssignMode?.['6plane'],
    routes: routes?.map(({ target, via }) => ({ target, via: via ?? null })),
    pools: ipAssignmentPools?.map((pool) => ({
      first: pool.ipRangeStart,
      last: pool.ipRangeEnd,
    })),
  });
}

function memberSettings(
  change: Omit<MemberChange, 'authorized'>,
): Parameters<Controller['setMember']>[3] {
  return given({
    isActiveBridge: change.activeBridge,
    noAutoAssignIps: change.noAutoAssignIps,
    ipAssignments: change.ipAssignments,
  });
}

/** The settings of an object that were given: those that are not undefined. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function networkJson({
  networkId,
  settings,
  revision,
  createdAtMs,
}: NetworkRecord): OwnedNetworkJson {
  const id = formatU64(networkId);
  return {
    creationTime: createdAtMs,
    dns: settings.dns,
    enableBroadcast: settings.hasBroadcast,
    id,
    ipAssignmentPools: settings.pools.map(({ first, last }) => ({
      ipRangeEnd: last,
      ipRangeStart: first,
    })),
    mtu: settings.mtu,
    multicastLimit: settings.multicastLimit,
    name: settings.name,
    nwid: id,
    objtype: 'network',
    private: settings.isPrivate,
    revision,
    routes: settings.routes.map(({ target, via }) => ({ target, via })),
    v4AssignMode: { zt: settings.assignsIpv4 },
    v6AssignMode: {
      '6plane': settings.assigns6plane,
      rfc4193: settings.assignsRfc4193,
      zt: settings.assignsIpv6,
    },
  };
}

function memberJson(record: MemberRecord): MemberJson {
  const address = formatAddress(record.address);
  return {
    activeBridge: record.isActiveBridge,
    address,
    authorized: record.authorization !== null,
    creationTime: record.createdAtMs,
    id: address,
    ...(record.identity === null ? {} : { identity: formatIdentity(record.identity) }),
    ipAssignments: [...record.ipAssignments],
    lastAuthorizedTime: record.authorizedAtMs,
    lastDeauthorizedTime: record.deauthorizedAtMs,
    name: record.name,
    noAutoAssignIps: record.noAutoAssignIps,
    nwid: formatU64(record.networkId),
    objtype: 'member',
    revision: 1,
  };
}
