/**
 * Records out of rows. A record of an older version lacks what came later: that is then what it is without any.
 *
 * Nothing but this program writes these rows; what cannot be read is damage, and is said with its place.
 */
import { parseAddress, parseNetworkId } from '../../base/ids.ts';
import { fromTaggedJson } from '../../base/tagged-json.ts';
import type { AuditEntry } from '../../controller/access/audit-entry.ts';
import type { TokenRecord } from '../../controller/access/token-record.ts';
import type { InviteRecord } from '../../controller/invite-record.ts';
import { newMember, type MemberRecord } from '../../controller/member-record.ts';
import { defaultSettings, type NetworkRecord } from '../../controller/network-record.ts';
import { changesOf, type StoredState } from '../../controller/store.ts';
import { storeError } from './errors.ts';
import { PendingChanges } from './pending-changes.ts';
import { storeRemedies } from './remedies.ts';
import type { InviteRow, MemberRow, NetworkRow, StoredRows } from './rows.ts';

/** @throws STORE_DAMAGED */
export function storedState({ networks, members, invites, tokens }: StoredRows): StoredState {
  return {
    networks: networks.map(networkRecord),
    members: members.map(memberRecord),
    invites: invites.map(inviteRecord),
    tokens: tokens.map(
      ({ token_id, data }) => parsed(data, `API token ${token_id}`) as TokenRecord,
    ),
  };
}

/**
 * A state that comes from elsewhere, as it would be read again here: with what an older version did not keep yet.
 *
 * @throws STORE_DAMAGED
 */
export function asStored(state: StoredState): StoredState {
  const changes = new PendingChanges();
  for (const change of changesOf(state)) changes.add(change);
  return storedState(changes.rows());
}

function networkRecord({ network_id, data }: NetworkRow): NetworkRecord {
  const record = parsed(data, `network ${network_id}`) as NetworkRecord;
  if (record.networkId !== parseNetworkId(network_id)) throw damaged(`network ${network_id}`);
  return {
    ...record,
    settings: { ...defaultSettings, ...record.settings },
    shutOut: (record as Partial<NetworkRecord>).shutOut ?? [],
  };
}

function memberRecord({ network_id, address, data }: MemberRow): MemberRecord {
  const where = `member ${address} of ${network_id}`;
  const record = parsed(data, where) as MemberRecord;
  const isRight =
    record.networkId === parseNetworkId(network_id) && record.address === parseAddress(address);
  if (!isRight) throw damaged(where);
  return { ...newMember(record.networkId, record.address, record.createdAtMs), ...record };
}

function inviteRecord({ network_id, invite_id, data }: InviteRow): InviteRecord {
  return parsed(data, `invitation ${invite_id} of ${network_id}`) as InviteRecord;
}

/** A line of the audit log. @throws STORE_DAMAGED */
export function auditEntry(data: string): AuditEntry {
  return parsed(data, 'a line of the audit log') as AuditEntry;
}

/** What a row holds: this program wrote it, so that it has the shape of its record. */
function parsed(data: string, where: string): object {
  let value: unknown;
  try {
    value = fromTaggedJson(data);
  } catch {
    value = null;
  }
  if (typeof value !== 'object' || value === null) throw damaged(where);
  return value;
}

function damaged(where: string): Error {
  return storeError('STORE_DAMAGED', `${where} cannot be read`, {
    remedy: storeRemedies.STORE_DAMAGED,
  });
}
