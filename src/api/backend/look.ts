/**
 * What a service that tells of nothing by itself is like at one moment, and the events that two such looks make: for pages
 * that listen. Bounded: of many networks only so many are looked at for their members each time, in turn.
 */
import { errorCode } from '../../base/errors.ts';
import { parseNetworkId } from '../../base/ids.ts';
import type { ApiEvent } from '../v1/service.ts';
import type { NodeManagement } from '../v1/node-management.ts';
import type { Backend, MemberView, NetworkView } from './backend.ts';

/** Networks that are watched, and those of them whose members are looked at each time. */
export const networksMax = 1_024;
export const networksPerLook = 16;
/** Members that are watched, of all networks together. */
export const membersMax = 16_384;

/** See the head of this file. Each key is a name, each value what would be told if it were another. */
export interface Look {
  readonly networks: ReadonlyMap<string, NetworkView>;
  /** By network; of one that has not had its turn yet nothing is there. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, MemberView>>;
  readonly joined: ReadonlyMap<string, string>;
  /** `address endpoint` of paths that are used. */
  readonly paths: ReadonlySet<string>;
  /** Null: it is no node. */
  readonly isOnline: boolean | null;
  /** The network whose members were looked at last. */
  readonly lastTurn: string;
}

/** One of them, without its number and time. */
export type Told = Pick<ApiEvent, 'kind' | 'data'>;

/**
 * Looks.
 *
 * @param node - null: the service is none
 * @param before - the last look: members of networks that have no turn now are as they were
 * @throws what asking throws
 */
export async function look(
  backend: Backend,
  node: NodeManagement | null,
  before: Look | null,
): Promise<Look> {
  const networks = new Map(
    (await ownedNetworks(backend)).slice(0, networksMax).map((each) => [each.id, each]),
  );
  const turns = turnsAfter([...networks.keys()].sort(), before?.lastTurn ?? '');
  const members = new Map<string, ReadonlyMap<string, MemberView>>();
  let room = membersMax;
  for (const id of networks.keys()) {
    const known = before?.members.get(id);
    const found = turns.includes(id) ? await membersOf(backend, id) : null;
    const list = found ?? [...(known?.values() ?? [])];
    if ((found === null && known === undefined) || list.length > room) continue;
    room -= list.length;
    members.set(id, new Map(list.map((member) => [member.address, member])));
  }
  const [status, joined, peers] =
    node === null
      ? [null, [], []]
      : await Promise.all([node.status(), node.networks(), node.peers()]);
  return {
    networks,
    members,
    joined: new Map(joined.map(({ id, status: how }) => [id, how])),
    paths: new Set(
      peers.flatMap(({ address, paths }) =>
        paths.filter(({ isActive }) => isActive).map(({ endpoint }) => `${address} ${endpoint}`),
      ),
    ),
    isOnline: status?.isOnline ?? null,
    lastTurn: turns.at(-1) ?? '',
  };
}

/** What has changed from one look to the next. */
export function differences(before: Look, after: Look): Told[] {
  const told: Told[] = [];
  const tell = (kind: Told['kind'], data: Told['data']): void => void told.push({ kind, data });
  if (after.isOnline !== null && after.isOnline !== before.isOnline)
    tell('online', { isOnline: after.isOnline });
  for (const [network, view] of after.networks)
    if (settingsKey(before.networks.get(network)) !== settingsKey(view))
      tell('network', { network, revision: view.revision });
  for (const network of before.networks.keys())
    if (!after.networks.has(network)) tell('network', { network, isDeleted: true });
  for (const [network, members] of after.members) {
    const known = before.members.get(network);
    // Where they are seen for the first time all that would be told is that they are there.
    if (known === undefined && before.networks.has(network)) continue;
    for (const [address, view] of members)
      if (factsKey(known?.get(address)) !== factsKey(view))
        tell('member', { network, address, revision: null, isAuthorized: view.isAuthorized });
    for (const address of known?.keys() ?? [])
      if (!members.has(address)) tell('member', { network, address, isDeleted: true });
  }
  for (const [network, status] of after.joined)
    if (before.joined.get(network) !== status) tell('joined', { network, status });
  for (const network of before.joined.keys())
    if (!after.joined.has(network)) tell('joined', { network, isLeft: true });
  for (const path of after.paths)
    if (!before.paths.has(path)) tell('path', { ...pathOf(path), state: 'learned' });
  for (const path of before.paths)
    if (!after.paths.has(path)) tell('path', { ...pathOf(path), state: 'lost' });
  return told;
}

/** None where the service has no controller. */
async function ownedNetworks(backend: Backend): Promise<readonly NetworkView[]> {
  try {
    return await backend.networks();
  } catch (error) {
    if (errorCode(error) === 'CONTROLLER_NOT_RUNNING') return [];
    throw error;
  }
}

/** Null: the network went meanwhile, or its members are not for this account. */
async function membersOf(backend: Backend, network: string): Promise<readonly MemberView[] | null> {
  const id = parseNetworkId(network);
  try {
    return id === null ? null : await backend.members(id);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'NETWORK_NOT_OWNED' || code === 'CENTRAL_FORBIDDEN') return null;
    throw error;
  }
}

/** The networks whose turn it is: those after the last one, and again from the first on. */
function turnsAfter(ids: readonly string[], last: string): readonly string[] {
  const at = ids.findIndex((id) => id > last);
  const from = at < 0 ? 0 : at;
  return [...ids.slice(from), ...ids.slice(0, from)].slice(0, networksPerLook);
}

/** Without what members make of it. */
function settingsKey(view: NetworkView | undefined): string {
  return view === undefined ? '' : JSON.stringify({ ...view, memberCount: null });
}

/** Without what time alone makes of it. */
function factsKey(view: MemberView | undefined): string {
  return view === undefined ? '' : JSON.stringify({ ...view, why: '', heard: null });
}

function pathOf(key: string): { readonly address: string; readonly endpoint: string } {
  const [address = '', endpoint = ''] = key.split(' ');
  return { address, endpoint };
}
