/**
 * What a backup holds, and the text that it is encrypted as: one JSON object (`base/tagged-json.ts`) with the keys in this
 * order, files by name and records by their text, so that the same content is the same text.
 */
import { errorMessage, OverspanError } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { formatAddress, parseAddress, type Address, type NetworkId } from '../../base/ids.ts';
import { fromTaggedJson, toTaggedJson } from '../../base/tagged-json.ts';
import type { TokenRecord } from '../../controller/access/token-record.ts';
import type { InviteRecord } from '../../controller/invite-record.ts';
import { newMember } from '../../controller/member-record.ts';
import { defaultSettings, type NetworkRecord } from '../../controller/network-record.ts';
import { planNetwork } from '../../controller/network-plan.ts';
import { stateKinds, type StoredState } from '../../controller/store.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import { asStored } from '../../io/store/index.ts';
import { ownsIdentity, parseSecretIdentity } from '../../wire/identity.ts';
import { controllerOf } from '../../wire/network-id.ts';
import { backupError } from './errors.ts';
import { identityFile, isJoinedNetwork, isKept, type KeptFile } from './kept-files.ts';

/** A node, and what it owns. */
export interface BackupContent {
  /** Of the program that made it: for people. */
  readonly program: string;
  /** Since the Unix epoch, ms. */
  readonly createdAtMs: number;
  readonly address: Address;
  /** Of the home; the identity is among them. */
  readonly files: readonly KeptFile[];
  /** What the controller holds. */
  readonly state: StoredState;
}

/** The same in numbers, for people and programs. */
export interface BackupSummary {
  readonly address: string;
  readonly createdAtMs: number;
  readonly program: string;
  readonly files: readonly string[];
  readonly joinedCount: number;
  /** How many records of each kind: networks, members, invitations. */
  readonly recordCounts: Readonly<Record<keyof StoredState, number>>;
}

/** What records have; what they lack is what an older version did not keep. */
const recordKeys: Readonly<Record<keyof StoredState, readonly string[]>> = {
  networks: Object.keys({
    ...{ networkId: true, settings: true, revision: true, createdAtMs: true },
    ...{ issuedAfterMs: true, shutOut: true },
  } satisfies Record<keyof NetworkRecord, true>),
  members: Object.keys(newMember(0n as NetworkId, 0 as Address, 0)),
  invites: Object.keys({
    ...{ networkId: true, id: true, tokenHash: true, note: true, createdAtMs: true },
    ...{ expiresAtMs: true, usesLeft: true },
  } satisfies Record<keyof InviteRecord, true>),
  tokens: Object.keys({
    ...{ id: true, hash: true, name: true, scopes: true, createdAtMs: true, expiresAtMs: true },
  } satisfies Record<keyof TokenRecord, true>),
};
const settingKeys = Object.keys(defaultSettings);

const topKeys = ['program', 'createdAtMs', 'address', 'files', 'state'] as const;

export function summaryOf(content: BackupContent): BackupSummary {
  const { address, createdAtMs, program, files, state } = content;
  return {
    address: formatAddress(address),
    createdAtMs,
    program,
    files: files.map(({ name }) => name),
    joinedCount: files.filter(({ name }) => isJoinedNetwork(name)).length,
    recordCounts: Object.fromEntries(
      stateKinds.map((kind) => [kind, state[kind].length]),
    ) as BackupSummary['recordCounts'],
  };
}

/** As it is encrypted. */
export function contentBytes({
  program,
  createdAtMs,
  address,
  files,
  state,
}: BackupContent): Uint8Array {
  const text = toTaggedJson({
    program,
    createdAtMs,
    address: formatAddress(address),
    files: [...files].sort((a, b) => (a.name < b.name ? -1 : 1)),
    state: Object.fromEntries(stateKinds.map((kind) => [kind, inOrder(state[kind])])),
  });
  return new TextEncoder().encode(text);
}

/**
 * What was decrypted. Whoever made it had the passphrase, and need not be this program: everything is checked.
 *
 * @throws BACKUP_INVALID; BACKUP_NEWER where it holds what is not known
 */
export function parseContent(bytes: Uint8Array, provider: CryptoProvider): BackupContent {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const object = objectOf(fromTaggedJson(text), 'the content', topKeys);
    const { program, createdAtMs, address: addressText } = object;
    const address = typeof addressText === 'string' ? parseAddress(addressText) : null;
    if (typeof program !== 'string' || !Number.isSafeInteger(createdAtMs) || address === null)
      throw invalid('it does not say when it was made, by what and of whom');
    const files = parseFiles(object['files']);
    checkIdentity(files, address, provider);
    const state = parseState(object['state'], address);
    return { program, createdAtMs: createdAtMs as number, address, files, state };
  } catch (error) {
    if (error instanceof OverspanError && error.code.startsWith('BACKUP_')) throw error;
    // Of JSON, UTF-8, a record or a setting.
    throw invalid(errorMessage(error), error);
  }
}

/** Whether two hold the same, in whatever order. */
export function sameState(a: StoredState, b: StoredState): boolean {
  return stateKinds.every(
    (kind) => toTaggedJson(inOrder(a[kind])) === toTaggedJson(inOrder(b[kind])),
  );
}

/** Whether there is nothing in it. */
export function isEmptyState(state: StoredState): boolean {
  return stateKinds.every((kind) => state[kind].length === 0);
}

function inOrder(records: readonly object[]): object[] {
  return records
    .map((record) => ({ record, text: toTaggedJson(record) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ record }) => record);
}

function parseFiles(value: unknown): KeptFile[] {
  const files = listOf(value, 'the files').map((each) => {
    const { name, bytes } = objectOf(each, 'a file', ['name', 'bytes']);
    if (typeof name !== 'string' || !(bytes instanceof Uint8Array)) throw invalid('a file is none');
    if (!isKept(name)) throw invalid(`it holds a file that has no place in a home: ${name}`);
    return { name, bytes };
  });
  if (new Set(files.map(({ name }) => name)).size !== files.length)
    throw invalid('it holds a file twice');
  return files;
}

function checkIdentity(
  files: readonly KeptFile[],
  address: Address,
  provider: CryptoProvider,
): void {
  const bytes = files.find(({ name }) => name === identityFile)?.bytes ?? new Uint8Array();
  const identity = parseSecretIdentity(Buffer.from(bytes).toString('latin1').trim());
  const isRight = identity?.identity.address === address && ownsIdentity(provider, identity);
  if (!isRight) throw invalid('it holds no identity that fits');
}

function parseState(value: unknown, owner: Address): StoredState {
  const object = objectOf(value, 'the state', stateKinds);
  const lists = stateKinds.map((kind) => {
    const list = listOf(object[kind] ?? [], `the ${kind}`);
    for (const each of list) objectOf(each, `one of the ${kind}`, recordKeys[kind]);
    return [kind, list];
  });
  const state = asStored(Object.fromEntries(lists) as StoredState);
  const owned = new Set<NetworkId>();
  for (const { networkId, settings } of state.networks) {
    objectOf(settings, 'the settings of a network', settingKeys);
    if (controllerOf(networkId) !== owner) throw invalid('a network has another controller');
    planNetwork(settings);
    owned.add(networkId);
  }
  const isAlone = (record: object): boolean =>
    'networkId' in record && !owned.has(record.networkId as NetworkId);
  if (stateKinds.some((kind) => state[kind].some(isAlone)))
    throw invalid('a record belongs to no network');
  return state;
}

/** @throws BACKUP_NEWER where it has a key that is not known */
function objectOf(
  value: unknown,
  what: string,
  known: readonly string[],
): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(`${what} is no object`);
  const strange = Object.keys(value).find((key) => !known.includes(key));
  if (strange === undefined) return value as Readonly<Record<string, unknown>>;
  throw backupError('BACKUP_NEWER', `${what} has "${escapeText(strange)}", which is not known`, {
    remedy: 'upgrade this program to the version that made the backup, or a later one',
  });
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`${what} are no list`);
}

function invalid(why: string, cause?: unknown): OverspanError {
  return backupError('BACKUP_INVALID', `the backup cannot be used: ${escapeText(why, 400)}`, {
    remedy: 'give a backup that was made by: overspan backup FILE',
    cause,
  });
}
