/**
 * The settings of a network, checked and made ready for many configurations.
 *
 * The limits are those of what a member can read (vl2 6.6); a configuration that breaks one is refused whole by every
 * member, so it is refused here first.
 */
import type { OverspanError } from '../base/errors.ts';
import { membershipWindowMs } from '../wire/credentials/certificate-of-membership.ts';
import { ipEndpoint, nilInetAddress, type IpEndpoint } from '../wire/inet-address.ts';
import { isInIpv4Prefix, isInIpv6Prefix } from '../wire/ip-address.ts';
import { dnsServersCount, type Dns, type Route } from '../wire/network-config/config-parts.ts';
import { ruleBytesMax } from '../wire/rules/rule.ts';
import {
  capabilityRulesMax,
  networkRulesMax,
  rules as rulesCodec,
  type Rules,
} from '../wire/rules/rules.ts';
import { encode } from '../wire/codec.ts';
import { controllerError } from './errors.ts';
import type { NetworkSettings, PoolSetting, RouteSetting } from './network-record.ts';

/** Addresses to give, both ends of one family. */
export interface Pool {
  readonly first: IpEndpoint;
  readonly last: IpEndpoint;
}

/** Parsed settings. */
export interface NetworkPlan {
  readonly settings: NetworkSettings;
  /** The port of a target is the length of its prefix. */
  readonly routes: readonly PlannedRoute[];
  readonly pools: readonly Pool[];
  readonly dns: Dns;
}

/** A route whose ends are IP addresses. */
export interface PlannedRoute extends Route {
  readonly target: IpEndpoint;
}

const textMax = 127;
const sourceMax = 262_144;
const descriptionMax = 4_096;
const tagsMax = 128;
const capabilitiesMax = 128;
const routesMax = 128;
const poolsMax = 128;
const tokensMax = 1024;
const mtuBounds = { min: 1280, max: 10_000 } as const;
const u32Max = 0xffff_ffff;
/**
 * Of rules and capabilities together. Escaped, each byte may take two; with everything else at its limit too, the text
 * stays below the 484,520 bytes at which members refuse it. Rules that are known today cannot reach it.
 */
const rulesBytesMax = 215_000;

/** @throws CONTROLLER_SETTING_INVALID */
export function planNetwork(given: NetworkSettings): NetworkPlan {
  const { name, dns, rules, capabilities, tags } = given;
  check(isLatin1(name), 'the name', `is not ${textMax} characters of Latin-1 or fewer`);
  checkDescription(given.description);
  checkTraceLevel(given.traceLevel);
  check(isLatin1(dns.domain), 'the DNS domain', `is not ${textMax} characters or fewer`);
  check(rules.length <= networkRulesMax, 'the rules', `are more than ${networkRulesMax}`);
  check(
    given.rulesSource.length <= sourceMax,
    'the source of the rules',
    `is longer than ${sourceMax}`,
  );
  check(isU32(given.multicastLimit), 'the multicast limit', 'is no number of 32 bits');
  check(Number.isInteger(given.mtu), 'the MTU', 'is no whole number');
  check(Number.isInteger(given.membershipWindowMs), 'the window', 'is no whole number of ms');
  check(given.joinTokens.length <= tokensMax, 'the join tokens', `are more than ${tokensMax}`);
  checkIds('capabilities', capabilities, capabilitiesMax);
  checkIds('tags', tags, tagsMax);
  for (const each of capabilities)
    check(
      each.rules.length <= capabilityRulesMax,
      `the rules of capability ${each.id}`,
      `are more than ${capabilityRulesMax}`,
    );
  const bytes =
    rulesLength(rules) + capabilities.reduce((sum, each) => sum + 139 + rulesLength(each.rules), 0);
  check(bytes <= rulesBytesMax, 'the rules and capabilities', 'are too long for a configuration');
  for (const tag of tags)
    check(tag.default === null || isU32(tag.default), `the default of tag ${tag.id}`, 'is too big');
  check(given.routes.length <= routesMax, 'the routes', `are more than ${routesMax}`);
  check(given.pools.length <= poolsMax, 'the pools', `are more than ${poolsMax}`);
  check(dns.servers.length <= dnsServersCount, 'the DNS servers', 'are more than 4');
  return {
    settings: {
      ...given,
      mtu: clamp(given.mtu, mtuBounds.min, mtuBounds.max),
      membershipWindowMs: clamp(
        given.membershipWindowMs,
        Number(membershipWindowMs.min),
        Number(membershipWindowMs.max),
      ),
      capabilities: [...capabilities].sort((a, b) => a.id - b.id),
      tags: [...tags].sort((a, b) => a.id - b.id),
    },
    routes: given.routes.map(planRoute),
    pools: given.pools.map(planPool),
    dns: {
      domain: dns.domain,
      servers: Array.from({ length: dnsServersCount }, (_, i) => {
        const text = dns.servers[i];
        return text === undefined ? nilInetAddress : parseIp(text, 'a DNS server');
      }),
    },
  };
}

/** An address without prefix. @throws CONTROLLER_SETTING_INVALID */
export function parseIp(text: string, what: string): IpEndpoint {
  const ip = ipEndpoint(text, 0);
  if (ip === null) throw invalid(what, `is no IP address: ${JSON.stringify(text)}`);
  return ip;
}

/** The longest prefix of a route's target that holds an address; null: it lies in none. */
export function prefixLengthFor(plan: NetworkPlan, ip: IpEndpoint): number | null {
  let longest: number | null = null;
  for (const { target } of plan.routes)
    if (isInTarget(ip, target) && (longest === null || target.port > longest))
      longest = target.port;
  return longest;
}

/** Whether an address lies in a network. @param target - the port is the length of the prefix */
export function isInTarget(ip: IpEndpoint, target: IpEndpoint): boolean {
  if (ip.kind === 'ipv4')
    return target.kind === 'ipv4' && isInIpv4Prefix(ip.address, target.address, target.port);
  return target.kind === 'ipv6' && isInIpv6Prefix(ip.address, target.address, target.port);
}

function planRoute({ target, via }: RouteSetting): PlannedRoute {
  const match = /^(.+)\/(\d{1,3})$/.exec(target);
  const ip = match === null ? null : ipEndpoint(match[1] ?? '', Number(match[2]));
  if (ip === null || ip.port > (ip.kind === 'ipv4' ? 32 : 128))
    throw invalid('a route', `has no network like 10.1.0.0/16 as its target: ${target}`);
  if (via === null) return { target: ip, via: nilInetAddress, flags: 0, metric: 0 };
  const gateway = parseIp(via, 'the gateway of a route');
  check(gateway.kind === ip.kind, `the gateway ${via}`, `is of another family than ${target}`);
  return { target: ip, via: gateway, flags: 0, metric: 0 };
}

function planPool(setting: PoolSetting): Pool {
  const first = parseIp(setting.first, 'the first address of a pool');
  const last = parseIp(setting.last, 'the last address of a pool');
  const isInOrder =
    first.kind === last.kind && ipNumber(first) <= ipNumber(last) && ipNumber(first) !== 0n;
  check(isInOrder, `the pool ${setting.first} to ${setting.last}`, 'is no range');
  return { first, last };
}

/** An address as a number. */
export function ipNumber(ip: IpEndpoint): bigint {
  if (ip.kind === 'ipv4') return BigInt(ip.address);
  return ip.address.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
}

function checkIds(what: string, list: readonly { readonly id: number }[], countMax: number): void {
  check(list.length <= countMax, `the ${what}`, `are more than ${countMax}`);
  check(new Set(list.map(({ id }) => id)).size === list.length, `the ${what}`, 'repeat an id');
  check(
    list.every(({ id }) => isU32(id)),
    `the ${what}`,
    'have an id that is no number of 32 bits',
  );
}

/** Says what is wrong with a setting. @throws CONTROLLER_SETTING_INVALID */
export function check(condition: boolean, what: string, problem: string): asserts condition {
  if (!condition) throw invalid(what, problem);
}

function invalid(what: string, problem: string): OverspanError {
  return controllerError('CONTROLLER_SETTING_INVALID', `${what} ${problem}`, {
    remedy: 'Correct it and set it again; nothing was changed.',
  });
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

function rulesLength(list: Rules): number {
  return encode(rulesCodec, list, list.length * ruleBytesMax).length;
}

/** @throws CONTROLLER_SETTING_INVALID */
export function checkDescription(text: string): void {
  check(text.length <= descriptionMax, 'the description', `is longer than ${descriptionMax}`);
}

/** @throws CONTROLLER_SETTING_INVALID */
export function checkTraceLevel(level: number): void {
  check(isU32(level), 'the level of remote traces', 'is no number of 32 bits');
}

/** Whether it is a whole number of 32 bits. */
export function isU32(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= u32Max;
}

/** Whether a text can stand in a configuration. */
export function isLatin1(text: string): boolean {
  if (text.length > textMax) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}
