/** Networks and members for people. */
import type { MemberView, NetworkView } from '../api/backend/index.ts';
import { escapeText } from '../base/escape.ts';
import { sinceText, momentText } from './time-text.ts';

/** Two columns: what, and how it is. */
export function pairLines(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}

/** A network, line by line. */
export function networkLines(network: NetworkView): string[] {
  const { name, description, dns, revision, memberCount } = network;
  const v6 = [
    network.assignsRfc4193 ? 'RFC 4193' : '',
    network.assigns6plane ? '6PLANE' : '',
    network.assignsIpv6 ? 'out of a pool' : '',
  ];
  return pairLines([
    ['network', `${network.id}${name === '' ? '' : ` "${escapeText(name)}"`}`],
    ...(description === null || description === ''
      ? []
      : [['description', escapeText(description, 4_096)] as const]),
    ['access', network.isPrivate ? 'private: members must be authorised' : 'public'],
    ['members', memberCount === null ? 'not told' : String(memberCount)],
    ['IPv4 addresses', network.assignsIpv4 ? 'out of a pool' : 'none by themselves'],
    ['IPv6 addresses', v6.filter((each) => each !== '').join(', ') || 'none by themselves'],
    [
      'pools',
      listed(network.pools.map(({ first, last }) => `${escapeText(first)} – ${escapeText(last)}`)),
    ],
    [
      'routes',
      listed(
        network.routes.map(
          ({ target, via }) =>
            `${escapeText(target)}${via === null ? '' : ` via ${escapeText(via)}`}`,
        ),
      ),
    ],
    [
      'names',
      dns.domain === ''
        ? '–'
        : `${escapeText(dns.domain)} at ${listed(dns.servers.map((each) => escapeText(each)))}`,
    ],
    ['MTU', String(network.mtu)],
    [
      'multicast',
      `to ${network.multicastLimit} members; broadcast ${network.hasBroadcast ? 'on' : 'off'}`,
    ],
    ...(revision === null ? [] : [['revision', String(revision)] as const]),
    ['made', network.createdAt === null ? 'not told' : momentText(network.createdAt)],
  ]);
}

/** Version and system of a member, as it says. */
export function softwareText(software: MemberView['software']): string {
  if (software === null) return '–';
  const { version, platform, isOverspan } = software;
  return [
    isOverspan === true ? 'Overspan, as ' : '',
    escapeText(version, 40),
    platform === null ? '' : ` on ${escapeText(platform, 40)}`,
  ].join('');
}

/** When a member was heard last, and by whom. */
export function heardText({ heard }: MemberView, nowMs: number): string {
  return heard === null ? '–' : `${sinceText(heard.at, nowMs)}, by ${byText[heard.by]}`;
}

const byText = {
  controller: 'the controller',
  "controller's node": "the controller's own node",
  'ZeroTier Central': 'ZeroTier Central',
} as const;

/** A member, line by line, as any service tells of it. */
export function memberLines(member: MemberView, nowMs: number): string[] {
  const { name, description, deauthorizedAt } = member;
  return pairLines([
    [
      'member',
      `${member.address} of ${member.network}${name === '' ? '' : ` "${escapeText(name)}"`}`,
    ],
    ...(description === null || description === ''
      ? []
      : [['description', escapeText(description, 4_096)] as const]),
    ['state', `${member.state}: ${escapeText(member.why, 300)}`],
    [
      'authorised',
      member.isAuthorized
        ? member.authorizedAt === null
          ? 'yes'
          : momentText(member.authorizedAt)
        : 'no',
    ],
    ...(deauthorizedAt === null ? [] : [['shut out', momentText(deauthorizedAt)] as const]),
    ['addresses', listed(member.ipAssignments.map((ip) => escapeText(ip)))],
    ['runs', member.software === null ? 'not known' : softwareText(member.software)],
    ['heard', heardText(member, nowMs)],
  ]);
}

/** With commas; a dash for none. */
export function listed(texts: readonly string[]): string {
  return texts.join(', ') || '–';
}
