/**
 * Takes the networks of an official controller over: read as somebody else's files, made into records, written in one
 * transaction where no daemon runs. A network that is here already stays as it is, so that a second time changes nothing.
 */
import { formatAddress, formatU64, type Address } from '../../base/ids.ts';
import { Audit, localActor } from '../../controller/access/audit.ts';
import { controllerLimits, shutOutMax } from '../../controller/constants.ts';
import type { MemberRecord } from '../../controller/member-record.ts';
import type { NetworkRecord } from '../../controller/network-record.ts';
import type { StoredState } from '../../controller/store.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { findStoredState, SqlStore } from '../../io/store/index.ts';
import { systemClock } from '../../sys/clock.ts';
import type { SecretIdentity } from '../../wire/identity.ts';
import { controllerOf } from '../../wire/network-id.ts';
import { lockHome, refuseOfficialDaemon } from '../home-lock.ts';
import { Home } from '../home.ts';
import { importError } from './errors.ts';
import { Losses, type Loss, type LossKind } from './losses.ts';
import {
  officialDirectory,
  officialMembers,
  officialNetworks,
  type OfficialDirectory,
} from './official-files.ts';
import { officialMember, officialNetwork } from './official-records.ts';

/** What is wanted. */
export interface ImportRequest {
  readonly home: string;
  /** Where the controller keeps its networks. Default: `controller.db` of the home. */
  readonly storeUrl?: string | undefined;
  /** A `controller.d`, or a home of the official service. */
  readonly directory: string;
  /** Nothing is written: only what would be is said. */
  readonly isTrial: boolean;
}

/** A network, and what became of it. */
export interface ImportedNetwork {
  readonly id: string;
  readonly name: string;
  readonly memberCount: number;
  /** False: it was here already, and stays as it is. */
  readonly isNew: boolean;
}

/** What was done. */
export interface ImportResult {
  readonly address: string;
  /** The identity was taken over as well. */
  readonly isAdopted: boolean;
  readonly networks: readonly ImportedNetwork[];
  /** How many of each kind could not be taken over. */
  readonly lossCounts: Readonly<Record<LossKind, number>>;
  /** Of these at most 10,000. */
  readonly losses: readonly Loss[];
}

interface Found {
  readonly record: NetworkRecord;
  readonly members: readonly MemberRecord[];
}

/**
 * Imports all that is there.
 *
 * @throws IMPORT_…, HOME_…, STORE_…; nothing has changed then
 */
export async function importOfficial(
  provider: CryptoProvider,
  request: ImportRequest,
): Promise<ImportResult> {
  const official = await officialDirectory(request.directory);
  const home = new Home(request.home);
  if (request.isTrial) return await run(provider, request, official, home);
  const lock = await lockHome(home);
  try {
    return await run(provider, request, official, home);
  } finally {
    lock.release();
  }
}

async function run(
  provider: CryptoProvider,
  { storeUrl, isTrial }: ImportRequest,
  official: OfficialDirectory,
  home: Home,
): Promise<ImportResult> {
  // Two nodes with one identity would take each other's packets away.
  if (official.home !== null && !isTrial) await refuseOfficialDaemon(new Home(official.home));
  const own = await home.identity(provider);
  const identity = own ?? (await officialIdentity(provider, official, home));
  const { address } = identity.identity;
  const losses = new Losses();
  const nowMs = systemClock.wallMs();
  const found = await readNetworks(official, address, losses, nowMs);
  const url = storeUrl ?? home.path('controller.db');
  const networks = isTrial
    ? sorted(found, (await findStoredState(url))?.state ?? null)
    : await write(url, address, found, nowMs);
  // Last of all: until then it is as if nothing had been done, and can be done again.
  if (own === null && !isTrial) await home.keepIdentity(identity);
  return {
    address: formatAddress(address),
    isAdopted: own === null,
    networks,
    lossCounts: losses.counts,
    losses: losses.lines,
  };
}

async function officialIdentity(
  provider: CryptoProvider,
  official: OfficialDirectory,
  home: Home,
): Promise<SecretIdentity> {
  const identity = official.home === null ? null : await new Home(official.home).identity(provider);
  if (identity !== null) return identity;
  throw importError('IMPORT_IDENTITY_MISSING', 'there is no identity to own the networks with', {
    remedy: `copy identity.secret of the official home to ${home.path('identity.secret')}, or import that home instead of its controller.d`,
  });
}

async function readNetworks(
  official: OfficialDirectory,
  address: Address,
  losses: Losses,
  nowMs: number,
): Promise<Found[]> {
  const files = await officialNetworks(official, losses);
  const [first] = files;
  if (first !== undefined && files.every(({ id }) => controllerOf(id) !== address))
    throw importError(
      'IMPORT_OF_ANOTHER',
      `the networks belong to controller ${formatAddress(controllerOf(first.id))}, and this node is ${formatAddress(address)}`,
      {
        remedy:
          'import into a home with that identity: copy identity.secret of the official home into an empty one, and name it with --home',
      },
    );
  const found: Found[] = [];
  for (const { id, name, json } of files) {
    if (controllerOf(id) !== address) {
      losses.add('network', name, '', 'has another controller, and was served by none');
      continue;
    }
    if (found.length === controllerLimits.networks) {
      losses.add('network', name, '', `is one more than ${controllerLimits.networks}`);
      continue;
    }
    const { record, losses: lost } = officialNetwork(id, json);
    for (const { key, why } of lost)
      losses.add(record === null ? 'network' : 'setting', name, key, why);
    if (record === null) continue;
    const members = await readMembers(official, record, losses);
    found.push({ record: withTimes(record, members, nowMs), members });
  }
  return found;
}

async function readMembers(
  official: OfficialDirectory,
  { networkId }: NetworkRecord,
  losses: Losses,
): Promise<MemberRecord[]> {
  const members: MemberRecord[] = [];
  for (const { id, name, json } of await officialMembers(official, formatU64(networkId), losses)) {
    const { record, losses: lost } = officialMember(networkId, id, json);
    for (const { key, why } of lost)
      losses.add(record === null ? 'member' : 'setting', name, key, why);
    if (record === null) continue;
    if (members.length < controllerLimits.members) members.push(record);
    else losses.add('member', name, '', `is one more than ${controllerLimits.members}`);
  }
  return members;
}

/** Whoever was shut out is still told to the others, and what is issued is newer than what was. */
function withTimes(
  record: NetworkRecord,
  members: readonly MemberRecord[],
  nowMs: number,
): NetworkRecord {
  const shutOut = members
    .filter(({ authorization }) => authorization === null)
    .map(({ address, deauthorizedAtMs }) => ({ address, thresholdMs: deauthorizedAtMs }))
    .filter(({ thresholdMs }) => thresholdMs > 0 && thresholdMs <= nowMs)
    .sort((a, b) => a.thresholdMs - b.thresholdMs)
    .slice(-shutOutMax);
  const times = members.flatMap((each) => [each.authorizedAtMs, each.deauthorizedAtMs]);
  // A time to come, if somebody wrote one, would stop the clock of what is issued.
  const issuedAfterMs = times.reduce((a, b) => (b > nowMs ? a : Math.max(a, b)), 0);
  return { ...record, issuedAfterMs, shutOut };
}

function sorted(found: readonly Found[], state: StoredState | null): ImportedNetwork[] {
  const known = new Set(state?.networks.map(({ networkId }) => networkId));
  return found.map(({ record, members }) => ({
    id: formatU64(record.networkId),
    name: record.settings.name,
    memberCount: members.length,
    isNew: !known.has(record.networkId),
  }));
}

/** In one transaction: what is saved in one turn is. */
async function write(
  url: string,
  owner: Address,
  found: readonly Found[],
  nowMs: number,
): Promise<ImportedNetwork[]> {
  const store = await SqlStore.open({ url, owner, log: () => undefined });
  try {
    const networks = sorted(found, store.load());
    const audit = new Audit(store);
    for (const [index, { record, members }] of found.entries()) {
      if (networks[index]?.isNew !== true) continue;
      store.save({ kind: 'network', record });
      for (const member of members) store.save({ kind: 'member', record: member });
      audit.write(
        { wallMs: nowMs, monoMs: 0 },
        {
          actor: localActor,
          action: 'network.import',
          network: record.networkId,
          change: { members: members.length },
        },
      );
    }
    await store.flushed();
    return networks;
  } finally {
    await store.close();
  }
}
