/**
 * Records out of the files of the official controller (`controller.d`). Source: management 2.1 to 2.3, 4.
 *
 * Each key is read as the API reads it, by itself, so that one that cannot be used does not take the others along; of a list
 * each member. What was made is then laid beside what it was made of. A network whose rules cannot be read whole is not
 * taken over: an action would be for more frames than was meant.
 */
import { readMemberChange } from '../../api/body/member-change.ts';
import { readNetworkChange } from '../../api/body/network-change.ts';
import { formatAddress, formatU64, type Address, type NetworkId } from '../../base/ids.ts';
import {
  newMember,
  type Authorization,
  type MemberRecord,
  type MemberSettings,
  type Software,
} from '../../controller/member-record.ts';
import { checkedSettings } from '../../controller/member-settings.ts';
import { planNetwork } from '../../controller/network-plan.ts';
import {
  defaultSettings,
  type NetworkRecord,
  type NetworkSettings,
} from '../../controller/network-record.ts';
import { parseIdentity, type Identity } from '../../wire/identity.ts';
import {
  authorizationNames,
  memberChanges,
  memberJson,
  networkJson,
  settingsOf,
} from '../controller-json.ts';
import { Carrier } from './carrier.ts';
import type { LostPart } from './json-losses.ts';

/** What a file was made into. */
export interface Converted<Kind> {
  /** Null: the file cannot be taken over; the loss says why. */
  readonly record: Kind | null;
  readonly losses: readonly LostPart[];
}

type Values = Readonly<Record<string, unknown>>;

const networkKeys: readonly string[] = [
  ...['name', 'description', 'private', 'enableBroadcast', 'mtu', 'multicastLimit'],
  ...['v4AssignMode', 'v6AssignMode', 'routes', 'ipAssignmentPools', 'dns'],
  ...['rules', 'capabilities', 'tags', 'authTokens', 'remoteTraceTarget', 'remoteTraceLevel'],
];

const memberKeys: readonly string[] = [
  ...['name', 'description', 'activeBridge', 'noAutoAssignIps', 'ipAssignments', 'tags'],
  ...['capabilities', 'authenticationExpiryTime', 'remoteTraceTarget', 'remoteTraceLevel'],
];

/** The network of a file `network/<id>.json`. @param json - what is in it */
export function officialNetwork(networkId: NetworkId, json: unknown): Converted<NetworkRecord> {
  const id = formatU64(networkId);
  const values = valuesOf(json, { id, nwid: id });
  if (typeof values === 'string') return refused('', values);
  const carrier = new Carrier<NetworkSettings>(values, defaultSettings, planNetwork);
  for (const key of networkKeys)
    carrier.take(key, (value) => settingsOf(readNetworkChange({ [key]: value })));
  carrier.take('rulesSource', (value) => ({ rulesSource: String(value) }));
  carrier.take('certificateTimeoutWindowSize', (value) => ({ membershipWindowMs: Number(value) }));
  const lostRule = carrier.losses.find(({ key }) => /^rules\b/.test(key));
  if (lostRule !== undefined) return refused(lostRule.key, lostRule.why);
  const { settings } = planNetwork(carrier.settings);
  const record: NetworkRecord = {
    networkId,
    settings,
    revision: integerOf(values['revision'], 1),
    createdAtMs: integerOf(values['creationTime'], 0),
    issuedAfterMs: 0,
    shutOut: [],
  };
  const window = { certificateTimeoutWindowSize: settings.membershipWindowMs };
  const losses = carrier.allLosses({ ...networkJson(record), ...window }, ['capabilities', 'tags']);
  return { record, losses };
}

/** The member of a file `network/<id>/member/<address>.json`. @param json - what is in it */
export function officialMember(
  networkId: NetworkId,
  address: Address,
  json: unknown,
): Converted<MemberRecord> {
  const id = formatAddress(address);
  const values = valuesOf(json, { id, address: id, nwid: formatU64(networkId) });
  if (typeof values === 'string') return refused('', values);
  // Without it, any other of the same address would be let in in its place.
  const identity = identityOf(values['identity'], address);
  if (identity === undefined) return refused('identity', 'is none, or that of another address');
  const blank = newMember(networkId, address, integerOf(values['creationTime'], 0));
  const carrier = new Carrier<MemberSettings>(values, blank, checkedSettings);
  for (const key of memberKeys)
    carrier.take(key, (value) => memberChanges(readMemberChange({ [key]: value })));
  const lastAuthorization = authorizationOf(values['lastAuthorizedCredentialType']);
  const credential = values['lastAuthorizedCredential'];
  const record: MemberRecord = {
    ...blank,
    ...checkedSettings(carrier.settings),
    identity,
    authorization: isTrue(values['authorized']) ? (lastAuthorization ?? 'command') : null,
    lastAuthorization,
    lastCredential: typeof credential === 'string' ? credential : null,
    revision: integerOf(values['revision'], 1),
    authorizedAtMs: integerOf(values['lastAuthorizedTime'], 0),
    deauthorizedAtMs: integerOf(values['lastDeauthorizedTime'], 0),
    software: softwareOf(values),
  };
  return { record, losses: carrier.allLosses(memberJson(record)) };
}

/** The object; a text: why it is not that of its file. */
function valuesOf(json: unknown, names: Readonly<Record<string, string>>): Values | string {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return 'is no object';
  const values = json as Values;
  const strange = Object.entries(names).find(
    ([key, name]) => Object.hasOwn(values, key) && values[key] !== name,
  );
  return strange === undefined ? values : `has another ${strange[0]} than its file`;
}

function refused<Kind>(key: string, why: string): Converted<Kind> {
  return { record: null, losses: [{ key, why }] };
}

/** Null: it has not asked yet. Undefined: it is none. */
function identityOf(value: unknown, address: Address): Identity | null | undefined {
  if (value === undefined || value === null) return null;
  const identity = typeof value === 'string' ? parseIdentity(value) : null;
  return identity?.address === address ? identity : undefined;
}

/** What is not plainly so lets nobody in. */
function isTrue(value: unknown): boolean {
  try {
    return readMemberChange({ authorized: value }).authorized === true;
  } catch {
    return false;
  }
}

function authorizationOf(value: unknown): Authorization | null {
  const names = Object.entries(authorizationNames) as [Authorization, string][];
  const found = names.find(([, name]) => name === value);
  // Of another kind: kept as this one, which then is among the losses.
  return found?.[0] ?? (typeof value === 'string' ? 'command' : null);
}

function softwareOf(values: Values): Software | null {
  const numbers = ['vProto', 'vMajor', 'vMinor', 'vRev'].map((key) => integerOf(values[key], -1));
  const [protocolVersion = -1, majorVersion = -1, minorVersion = -1, revision = -1] = numbers;
  const isKnown = numbers.every((each) => each >= 0);
  return isKnown ? { protocolVersion, majorVersion, minorVersion, revision } : null;
}

/** A whole number that is not negative. */
function integerOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : otherwise;
}
