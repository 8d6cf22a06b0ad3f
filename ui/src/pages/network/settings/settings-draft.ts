/**
 * Settings as they stand in the fields of a form: texts, which may be wrong. A draft remembers what it began from, so that only
 * what somebody has changed is sent, and so that what others change meanwhile is taken over around it.
 */
import { ipNumber, ipRange, prefixRange } from '../../../../../src/api/ip-range.ts';
import { settings as words } from '../../../strings/settings.ts';
import {
  changedNames,
  settingsOf,
  type NetworkSettings,
  type SettingName,
} from './network-settings.ts';

/** What is in the fields. */
export type SettingsDraft = Omit<
  NetworkSettings,
  'routes' | 'pools' | 'dns' | 'mtu' | 'multicastLimit'
> & {
  readonly routes: readonly RouteDraft[];
  readonly pools: readonly PoolDraft[];
  readonly domain: string;
  /** Addresses with spaces or commas between them. */
  readonly servers: string;
  readonly mtu: string;
  readonly multicastLimit: string;
};

/** A route; `via` may be empty. */
export interface RouteDraft {
  readonly target: string;
  readonly via: string;
}

/** A pool. */
export interface PoolDraft {
  readonly first: string;
  readonly last: string;
}

/** What the fields come to. */
export type CheckedDraft =
  | { readonly kind: 'settings'; readonly settings: NetworkSettings }
  /** What is wrong, by the name of the field: `mtu`, `routes.0.target`. */
  | { readonly kind: 'errors'; readonly errors: ReadonlyMap<string, string> };

const nameMax = 127;
const descriptionMax = 4_096;
const listMax = 128;
const serversMax = 4;
const mtuBounds = [1_280, 10_000] as const;
const u32Max = 0xffff_ffff;

/** The fields of settings. */
export function draftOf(settings: NetworkSettings): SettingsDraft {
  const { routes, pools, dns, mtu, multicastLimit, ...same } = settingsOf(settings);
  return {
    ...same,
    routes: routes.map(({ target, via }) => ({ target, via: via ?? '' })),
    pools: pools.map(({ first, last }) => ({ first, last })),
    domain: dns.domain,
    servers: dns.servers.join(' '),
    mtu: String(mtu),
    multicastLimit: String(multicastLimit),
  };
}

/** Reads the fields. */
export function checkDraft(draft: SettingsDraft): CheckedDraft {
  const errors = new Map<string, string>();
  const { routes, pools, domain, servers, mtu, multicastLimit, ...same } = draft;
  const name = draft.name.trim();
  if (name.length > nameMax) errors.set('name', words.errors.tooLong(nameMax));
  else if (!isLatin1(name)) errors.set('name', words.errors.latin1);
  if ((draft.description ?? '').length > descriptionMax)
    errors.set('description', words.errors.tooLong(descriptionMax));
  checkRoutes(routes, errors);
  checkPools(pools, errors);
  const dns = { domain: domain.trim(), servers: wordsOf(servers) };
  checkDns(dns, errors);
  const numbers = {
    mtu: numberOf('mtu', mtu, mtuBounds, errors),
    multicastLimit: numberOf('multicastLimit', multicastLimit, [0, u32Max], errors),
  };
  if (errors.size > 0) return { kind: 'errors', errors };
  return {
    kind: 'settings',
    settings: {
      ...same,
      name,
      ...numbers,
      dns,
      routes: routes.map(({ target, via }) => ({
        target: target.trim(),
        via: via.trim() === '' ? null : via.trim(),
      })),
      pools: pools.map(({ first, last }) => ({ first: first.trim(), last: last.trim() })),
    },
  };
}

/** Which settings are otherwise in the fields than they were. */
export function touchedNames(base: NetworkSettings, draft: SettingsDraft): SettingName[] {
  const checked = checkDraft(draft);
  if (checked.kind === 'settings') return changedNames(base, checked.settings);
  const before = draftOf(base);
  const fields = Object.keys(before) as (keyof SettingsDraft)[];
  const changed = fields.filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(draft[key]),
  );
  return [...new Set(changed.map((key) => (key === 'domain' || key === 'servers' ? 'dns' : key)))];
}

/** The fields as they are on top of newer settings: what somebody has changed stays, the rest is as it is by now. */
export function rebased(
  base: NetworkSettings,
  draft: SettingsDraft,
  latest: NetworkSettings,
): SettingsDraft {
  const touched = new Set<keyof SettingsDraft>(
    touchedNames(base, draft).flatMap((name): (keyof SettingsDraft)[] =>
      name === 'dns' ? ['domain', 'servers'] : [name],
    ),
  );
  const fields = draftOf(latest);
  const kept = Object.entries(draft).filter(([key]) => touched.has(key as keyof SettingsDraft));
  return { ...fields, ...Object.fromEntries(kept) };
}

function checkRoutes(routes: readonly RouteDraft[], errors: Map<string, string>): void {
  if (routes.length > listMax) errors.set('routes', words.errors.many(listMax));
  for (const [i, { target, via }] of routes.entries()) {
    const range = prefixRange(target.trim());
    const gateway = ipNumber(via.trim());
    if (range === null) errors.set(`routes.${i}.target`, words.errors.target);
    if (via.trim() === '') continue;
    if (gateway === null) errors.set(`routes.${i}.via`, words.errors.via);
    else if (range !== null && range.family !== gateway.family)
      errors.set(`routes.${i}.via`, words.errors.family);
  }
}

function checkPools(pools: readonly PoolDraft[], errors: Map<string, string>): void {
  if (pools.length > listMax) errors.set('pools', words.errors.many(listMax));
  for (const [i, { first, last }] of pools.entries()) {
    const isFirst = isSomeIp(first.trim());
    if (!isFirst) errors.set(`pools.${i}.first`, words.errors.address);
    if (ipNumber(last.trim()) === null) errors.set(`pools.${i}.last`, words.errors.address);
    else if (isFirst && ipRange(first.trim(), last.trim()) === null)
      errors.set(`pools.${i}.last`, words.errors.order);
  }
}

function checkDns({ domain, servers }: NetworkSettings['dns'], errors: Map<string, string>): void {
  if (domain.length > nameMax) errors.set('domain', words.errors.tooLong(nameMax));
  else if (!isLatin1(domain)) errors.set('domain', words.errors.latin1);
  else if (domain === '' && servers.length > 0) errors.set('domain', words.errors.domain);
  if (servers.length > serversMax) errors.set('servers', words.errors.serversMany);
  else if (
    servers.some((each) => ipNumber(each) === null) ||
    (domain !== '' && servers.length === 0)
  )
    errors.set('servers', words.errors.servers);
}

function numberOf(
  field: string,
  text: string,
  [min, max]: readonly [number, number],
  errors: Map<string, string>,
): number {
  const value = /^\d{1,10}$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  errors.set(field, words.errors.number(min, max));
  return Number.NaN;
}

function wordsOf(text: string): string[] {
  return text.split(/[\s,]+/).filter((word) => word !== '');
}

/** All zeros are nobody's address. */
function isSomeIp(text: string): boolean {
  const ip = ipNumber(text);
  return ip !== null && ip.value !== 0n;
}

function isLatin1(text: string): boolean {
  return /^[\u0000-\u00ff]*$/.test(text);
}
