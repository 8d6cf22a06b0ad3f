/**
 * What a change of a network's settings does, in sentences with numbers, before it is made. What a controller does is in
 * `src/controller` (admission, ip-assignment), what members do with it in `src/core/vl2`; this counts, and decides nothing.
 */
import {
  ipNumber,
  ipRange,
  isInRange,
  prefixRange,
  rangesOverlap,
  type IpRange,
} from '../../../../../src/api/ip-range.ts';
import type { MemberV1 } from '../../../../../src/api/schema/v1.ts';
import { settings as words } from '../../../strings/settings.ts';
import { changedNames, type NetworkSettings, type SettingName } from './network-settings.ts';

/** What is looked at of a member. */
export type AffectedMember = Pick<
  MemberV1,
  'state' | 'isAuthorized' | 'isBanned' | 'ipAssignments' | 'noAutoAssignIps'
>;

/** One sentence. */
export interface Effect {
  /** `warning`: it is hardly meant, or cuts somebody off. */
  readonly tone: 'plain' | 'warning';
  readonly text: string;
}

/** A change. */
export interface SettingsChange {
  readonly before: NetworkSettings;
  readonly after: NetworkSettings;
  readonly members: readonly AffectedMember[];
}

const said = words.effects;
const families = ['ipv4', 'ipv6'] as const;
type Family = (typeof families)[number];
const familyNames = { ipv4: 'IPv4', ipv6: 'IPv6' } as const;
/** Clashes of one kind that are named. */
const namedMax = 5;

/** The sentences, in the order of the settings, and at the end who gets it when. */
export function effectsOf(change: SettingsChange): Effect[] {
  const changed = new Set(changedNames(change.before, change.after));
  const isAny = (...names: SettingName[]): boolean => names.some((name) => changed.has(name));
  const { before, after, members } = change;
  const inside = members.filter(({ isAuthorized }) => isAuthorized);
  const effects = [
    ...(isAny('isPrivate') ? accessEffects(change) : []),
    ...(isAny('name') && inside.length > 0 ? [plain(said.name(inside.length))] : []),
    ...(isAny('routes') ? routeEffects(change, inside) : []),
    ...(isAny('routes', 'pools', 'assignsIpv4', 'assignsIpv6') ? poolEffects(change, inside) : []),
    ...derivedEffects(change, inside.filter(({ noAutoAssignIps }) => !noAutoAssignIps).length),
    ...(isAny('dns') ? dnsEffects(after, inside.length) : []),
    ...(isAny('multicastLimit', 'hasBroadcast') ? multicastEffects(change, inside.length) : []),
    ...(isAny('mtu') && inside.length > 0
      ? [plain(said.mtu(inside.length, after.mtu, before.mtu))]
      : []),
  ];
  const isTold = [...changed].some((name) => name !== 'description');
  return isTold ? [...effects, ...reachEffects(inside)] : effects;
}

function accessEffects({ after, members }: SettingsChange): Effect[] {
  const count = (state: AffectedMember['state']): number =>
    members.filter((member) => member.state === state && !member.isBanned).length;
  if (after.isPrivate)
    return [plain(said.closes(members.filter(({ isAuthorized }) => isAuthorized).length))];
  const [waiting, denied] = [count('waiting'), count('denied')];
  return [
    warning(said.letsAnybodyIn),
    ...(waiting > 0 ? [plain(said.letsIn(waiting))] : []),
    ...(denied > 0 ? [warning(said.letsInDenied(denied))] : []),
  ];
}

function routeEffects(
  { before, after, members }: SettingsChange,
  inside: readonly AffectedMember[],
): Effect[] {
  const had = new Set(before.routes.map(({ target }) => target));
  const has = new Set(after.routes.map(({ target }) => target));
  const fresh = [...has].filter((target) => !had.has(target));
  const gone = [...had].filter((target) => !has.has(target));
  return [
    ...(inside.length > 0
      ? fresh.map((target) => plain(said.routeNew(inside.length, target)))
      : []),
    ...(inside.length > 0
      ? gone.map((target) => plain(said.routeGone(inside.length, target)))
      : []),
    ...fresh.filter(isDefaultRoute).map((target) => warning(said.routeDefault(target))),
    ...overlapEffects(after),
    ...gatewayEffects(after, members),
  ];
}

function overlapEffects({ routes }: NetworkSettings): Effect[] {
  const targets = routes.map(({ target }) => target).filter((target) => !isDefaultRoute(target));
  const clashes = pairsOf(targets).filter(([a, b]) => overlap(prefixRange(a), prefixRange(b)));
  return clashes.slice(0, namedMax).map(([a, b]) => {
    const [wide, narrow] = lengthOf(a) > lengthOf(b) ? [b, a] : [a, b];
    return lengthOf(a) === lengthOf(b)
      ? warning(said.routeTwice(a))
      : plain(said.routesOverlap(wide, narrow));
  });
}

function gatewayEffects({ routes }: NetworkSettings, members: readonly AffectedMember[]): Effect[] {
  const links = routes
    .filter(({ via }) => via === null)
    .flatMap(({ target }) => prefixRange(target) ?? []);
  const taken = new Set(members.flatMap(({ ipAssignments }) => ipAssignments.map(keyOf)));
  return routes
    .flatMap(({ target, via }): Effect[] => {
      const gateway = via === null ? null : ipNumber(via);
      if (via === null || gateway === null) return [];
      if (!links.some((link) => isInRange(gateway, link)))
        return [warning(said.viaFar(target, via))];
      return taken.has(keyOf(via)) ? [] : [warning(said.viaNobody(target, via))];
    })
    .slice(0, namedMax);
}

function poolEffects(
  { before, after }: SettingsChange,
  inside: readonly AffectedMember[],
): Effect[] {
  const count = (is: (member: AffectedMember) => boolean): number => inside.filter(is).length;
  const [pools, routes, earlier] = [poolRanges(after), routeRanges(after), routeRanges(before)];
  const lost = count(({ ipAssignments }) =>
    ipAssignments.some((ip) => isInSome(ip, earlier) && !isInSome(ip, routes)),
  );
  const found = count(({ ipAssignments }) =>
    ipAssignments.some((ip) => !isInSome(ip, earlier) && isInSome(ip, routes)),
  );
  const isMoved = changedNames(before, after).includes('pools');
  const outside = isMoved
    ? count(({ ipAssignments }) => ipAssignments.some((ip) => !isInSome(ip, pools)))
    : 0;
  return [
    ...(lost > 0 ? [warning(said.unusable(lost))] : []),
    ...(found > 0 ? [plain(said.usable(found))] : []),
    ...(outside > 0 ? [plain(said.outside(outside))] : []),
    ...clashEffects(after),
    ...families.flatMap((family) => givenEffects(before, after, inside, family)),
  ];
}

function clashEffects(after: NetworkSettings): Effect[] {
  const routes = routeRanges(after);
  const named = after.pools.map(({ first, last }) => ({
    name: words.values.range(first, last),
    range: ipRange(first, last),
  }));
  const clashes = pairsOf(named).filter(([a, b]) => overlap(a.range, b.range));
  const unreached = named.filter(
    ({ range }) => range !== null && !routes.some((route) => rangesOverlap(route, range)),
  );
  return [
    ...clashes.slice(0, namedMax).map(([a, b]) => warning(said.poolsClash(a.name, b.name))),
    ...unreached.slice(0, namedMax).map(({ name }) => warning(said.poolUnreached(name))),
  ];
}

/** Who is given an address of one family out of the pools from then on. */
function givenEffects(
  before: NetworkSettings,
  after: NetworkSettings,
  inside: readonly AffectedMember[],
  family: Family,
): Effect[] {
  const assigns = family === 'ipv4' ? 'assignsIpv4' : 'assignsIpv6';
  const name = familyNames[family];
  const wanted = wantingOf(after, inside, family).length;
  if (!after[assigns]) {
    const having = inside.filter((member) => hasUsable(member, after, family)).length;
    return before[assigns] && inside.length > 0 ? [plain(said.keepsGiven(having, name))] : [];
  }
  const pools = poolRanges(after).filter((pool) => pool.family === family);
  if (pools.length === 0) return [warning(said.noPool(name))];
  const taken = new Set(
    inside.flatMap(({ ipAssignments }) =>
      ipAssignments.filter((ip) => isInSome(ip, pools)).map(keyOf),
    ),
  );
  const free = roomOf(pools) - BigInt(taken.size);
  // Who waits for an address already does not wait because of the change.
  const isMore = wanted > (before[assigns] ? wantingOf(before, inside, family).length : 0);
  return [
    ...(isMore ? [plain(said.given(wanted, name))] : []),
    ...(free < BigInt(wanted) ? [warning(said.poolsSmall(Number(free), wanted, name))] : []),
  ];
}

/** Members that are to have an address of a family and have none that can be used. */
function wantingOf(
  settings: NetworkSettings,
  inside: readonly AffectedMember[],
  family: Family,
): readonly AffectedMember[] {
  return inside.filter((member) => !member.noAutoAssignIps && !hasUsable(member, settings, family));
}

/** Whether a route leads to an address of a member. */
function hasUsable(
  { ipAssignments }: AffectedMember,
  settings: NetworkSettings,
  family: Family,
): boolean {
  const routes = routeRanges(settings).filter((range) => range.family === family);
  return ipAssignments.some((ip) => isInSome(ip, routes));
}

function derivedEffects({ before, after }: SettingsChange, count: number): Effect[] {
  const one = (setting: 'assignsRfc4193' | 'assigns6plane', what: string): Effect[] => {
    if (before[setting] === after[setting] || count === 0) return [];
    return after[setting]
      ? [plain(said.derivedNew(count, what))]
      : [warning(said.derivedGone(count, what))];
  };
  return [...one('assignsRfc4193', said.rfc4193), ...one('assigns6plane', said.sixPlane)];
}

function dnsEffects({ dns }: NetworkSettings, count: number): Effect[] {
  if (count === 0) return [];
  return dns.domain === ''
    ? [plain(said.dnsGone(count))]
    : [plain(said.dns(count, dns.domain, dns.servers.join(', ')))];
}

function multicastEffects({ before, after }: SettingsChange, count: number): Effect[] {
  if (after.multicastLimit === 0) return [warning(said.noMulticast)];
  return [
    ...(before.multicastLimit !== after.multicastLimit && count > 0
      ? [plain(said.multicast(count, after.multicastLimit))]
      : []),
    ...(before.hasBroadcast && !after.hasBroadcast ? [plain(said.noBroadcast)] : []),
    ...(!before.hasBroadcast && after.hasBroadcast ? [plain(said.broadcast)] : []),
  ];
}

function reachEffects(inside: readonly AffectedMember[]): Effect[] {
  const count = (...states: AffectedMember['state'][]): number =>
    inside.filter(({ state }) => states.includes(state)).length;
  const [online, away] = [count('ok', 'relayed'), count('silent', 'never-configured')];
  return [
    ...(online > 0 ? [plain(said.atOnce(online))] : []),
    ...(away > 0 ? [plain(said.later(away))] : []),
  ];
}

function plain(text: string): Effect {
  return { tone: 'plain', text };
}

function warning(text: string): Effect {
  return { tone: 'warning', text };
}

function pairsOf<T>(list: readonly T[]): (readonly [T, T])[] {
  return list.flatMap((a, i) => list.slice(i + 1).map((b) => [a, b] as const));
}

function overlap(a: IpRange | null, b: IpRange | null): boolean {
  return a !== null && b !== null && rangesOverlap(a, b);
}

function routeRanges({ routes }: NetworkSettings): IpRange[] {
  return routes.flatMap(({ target }) => prefixRange(target) ?? []);
}

function poolRanges({ pools }: NetworkSettings): IpRange[] {
  return pools.flatMap(({ first, last }) => ipRange(first, last) ?? []);
}

function isInSome(text: string, ranges: readonly IpRange[]): boolean {
  const ip = ipNumber(text);
  return ip !== null && ranges.some((range) => isInRange(ip, range));
}

/** Addresses of pools, those in several counted once. */
function roomOf(pools: readonly IpRange[]): bigint {
  const sorted = [...pools].sort((a, b) => (a.first < b.first ? -1 : 1));
  let [room, end] = [0n, -1n];
  for (const { first, last } of sorted) {
    const from = first > end ? first : end + 1n;
    if (last >= from) room += last - from + 1n;
    if (last > end) end = last;
  }
  return room;
}

/** The same for all texts of one address. */
function keyOf(text: string): string {
  const ip = ipNumber(text);
  return ip === null ? text : `${ip.family} ${ip.value}`;
}

function lengthOf(target: string): number {
  return Number(target.split('/')[1]);
}

function isDefaultRoute(target: string): boolean {
  return lengthOf(target) === 0;
}
