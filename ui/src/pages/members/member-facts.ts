/** What is known of a member, fact by fact: each with who says so, and when it was so. */
import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { strings } from '../../strings.ts';

/** One fact. */
export interface Fact {
  readonly what: string;
  readonly value: string;
  /** Who says so. */
  readonly source: string;
  /** ms since the Unix epoch; null: it is not known, or has no moment. */
  readonly at: number | null;
}

const words = strings.members.facts;
/** Clocks that differ by less are as good as the same, ms. */
const skewShownMs = 5_000;
/** Members whose word is shown; the latest come first. */
const reportsShown = 16;

/** Those that the state rests on, the most telling first. */
export function memberFacts(member: MemberV1): Fact[] {
  return [
    authorization(member),
    ...shutOut(member),
    ...banned(member),
    ...heard(member),
    ...software(member),
    ...path(member),
    ...reports(member),
    ...hindrances(member),
    ...revocation(member),
  ];
}

/** What it runs, in short; null: it has not said. */
export function softwareText({ heard: { software } }: MemberV1): string | null {
  if (software === null) return null;
  const { version, platform, isOverspan } = software;
  const make = isOverspan === true ? `${strings.members.isOverspan} ` : '';
  return platform === null ? `${make}${version}` : `${make}${version}, ${platform}`;
}

function authorization({ isAuthorized, authorizedAt, authorizedBy }: MemberV1): Fact {
  const reasons = { command: words.byCommand, public: words.byPublic, token: words.byToken };
  return {
    what: words.authorized,
    value: isAuthorized
      ? authorizedBy === null
        ? strings.members.page.yes
        : reasons[authorizedBy]
      : words.notAuthorized,
    source: words.controller,
    at: isAuthorized ? authorizedAt : null,
  };
}

function shutOut({ isAuthorized, deauthorizedAt }: MemberV1): Fact[] {
  if (isAuthorized || deauthorizedAt === null) return [];
  const { page } = strings.members;
  return [{ what: words.shutOut, value: page.yes, source: words.controller, at: deauthorizedAt }];
}

function banned({ isBanned, bannedAt }: MemberV1): Fact[] {
  if (!isBanned) return [];
  const { page } = strings.members;
  return [{ what: words.banned, value: page.yes, source: words.person, at: bannedAt }];
}

/** What other members say, each its own word. */
function reports({ reports: all }: MemberV1): Fact[] {
  return all.slice(0, reportsShown).map(({ by, kind, latencyMs, heardAt }) => {
    const how = kind === 'direct' ? words.directly : words.relayed;
    const latency = latencyMs === null ? null : strings.members.latencyMs(latencyMs);
    return {
      what: words.fromMember(by),
      value: latency === null ? how : words.withLatency(how, latency),
      source: words.member(by),
      at: heardAt,
    };
  });
}

/** What keeps a member from working though it is heard. */
function hindrances({ heard: { askedAt, lostConfigs }, path: known }: MemberV1): Fact[] {
  const { clockSkewMs, planet, heardAt } = known;
  const facts: Fact[] = [];
  if (lostConfigs !== null && lostConfigs > 0)
    facts.push({
      what: words.lostConfigs,
      value: String(lostConfigs),
      source: words.controller,
      at: askedAt,
    });
  const source = words.itself;
  if (clockSkewMs !== null && Math.abs(clockSkewMs) >= skewShownMs) {
    const seconds = Math.round(Math.abs(clockSkewMs) / 1_000);
    const value = clockSkewMs > 0 ? words.ahead(seconds) : words.behind(seconds);
    facts.push({ what: words.clock, value, source, at: heardAt });
  }
  if (planet !== 'same' && planet !== 'unknown')
    facts.push({ what: words.planet, value: words.planets[planet], source, at: heardAt });
  return facts;
}

function heard({ heard: { source: by, askedAt, configuredAt }, revision }: MemberV1): Fact[] {
  const { page } = strings.members;
  const source = by === 'controller' ? words.controller : words.central;
  const facts = [
    { what: words.asked, at: askedAt },
    { what: words.configured, at: configuredAt },
  ].map(({ what, at }) => ({ what, value: at === null ? words.notHeard : page.yes, source, at }));
  // What tells no revisions is of another make, and does not tell all of this: nothing follows from what it leaves out.
  return revision === null ? facts.filter(({ at }) => at !== null) : facts;
}

function software(member: MemberV1): Fact[] {
  const value = softwareText(member);
  if (value === null) return [];
  return [{ what: words.software, value, source: words.itself, at: member.heard.askedAt }];
}

/** Whether the service has a node that could reach it; of Central none is known. */
export function hasPath({ heard: { source } }: MemberV1): boolean {
  return source === 'controller';
}

/** Whether it is the node that owns the network, in which it is a member like the others: it has no way to itself. */
export function isController({ network, address }: MemberV1): boolean {
  return network.startsWith(address);
}

function path(member: MemberV1): Fact[] {
  if (isController(member))
    return [{ what: words.path, value: words.isController, source: words.controller, at: null }];
  if (!hasPath(member)) return [];
  const { kind, endpoint, latencyMs, heardAt } = member.path;
  const direct = endpoint === null ? words.directly : words.direct(endpoint);
  const values = { direct, relayed: words.relayed, unknown: words.unreached };
  const source = words.ownNode;
  const reached = { what: words.path, value: values[kind], source, at: heardAt };
  if (latencyMs === null) return [reached];
  const value = strings.members.latencyMs(latencyMs);
  return [reached, { what: words.latency, value, source, at: heardAt }];
}

function revocation({ revocation: told }: MemberV1): Fact[] {
  if (told === null) return [];
  const { sentAt, confirmed, waiting } = told;
  const all = confirmed.length + waiting.length;
  return [
    {
      what: words.revocation,
      value: all === 0 ? words.revocationNone : words.confirmed(confirmed.length, all),
      source: words.controller,
      at: sentAt,
    },
  ];
}
