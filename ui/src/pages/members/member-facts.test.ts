/** Facts of a member: whose word each is, how old, and nothing where nothing is known. */
import { describe, expect, it } from 'vitest';

import { strings } from '../../strings.ts';
import { aMember } from '../../synthetic/member.ts';
import { memberFacts, softwareText } from './member-facts.ts';

const words = strings.members.facts;

const known = aMember({
  heard: {
    source: 'controller',
    askedAt: 5_000,
    configuredAt: 5_001,
    lostConfigs: 0,
    software: { version: '1.14.1', protocol: 13, platform: 'linux/x86_64', isOverspan: false },
  },
  path: {
    source: 'own node',
    kind: 'direct',
    endpoint: '10.77.0.2/9993',
    latencyMs: 1.25,
    heardAt: 6_000,
    clockSkewMs: 12,
    planet: 'same',
  },
});

describe('the facts of a member', () => {
  it('have a source and an age each', () => {
    const facts = memberFacts(known);
    expect(facts).toContainEqual({
      what: words.software,
      value: '1.14.1, linux/x86_64',
      source: words.itself,
      at: 5_000,
    });
    expect(facts).toContainEqual({
      what: words.latency,
      value: '1.3 ms',
      source: words.ownNode,
      at: 6_000,
    });
    expect(facts).toContainEqual({
      what: words.path,
      value: words.direct('10.77.0.2/9993'),
      source: words.ownNode,
      at: 6_000,
    });
  });

  it('are few of one that was not heard, and no 0 stands for what is not known', () => {
    const facts = memberFacts(aMember({ isAuthorized: false, authorizedAt: null }));
    expect(facts.map(({ what }) => what)).toEqual([
      words.authorized,
      words.asked,
      words.configured,
      words.path,
    ]);
    expect(facts.map(({ at }) => at)).toEqual([null, null, null, null]);
  });

  it('say of the controller itself that it is it', () => {
    const address = known.network.slice(0, 10);
    const facts = memberFacts({ ...known, address });
    expect(facts.find(({ what }) => what === words.path)?.value).toBe(words.isController);
    expect(facts.map(({ what }) => what)).not.toContain(words.latency);
  });

  it('of a service of another make are those that it tells, and none that follows from its silence', () => {
    const central = aMember({
      revision: null,
      heard: { ...known.heard, source: 'ZeroTier Central', configuredAt: null, software: null },
    });
    expect(memberFacts(central).map(({ what }) => what)).toEqual([words.authorized, words.asked]);
    const official = aMember({ revision: null });
    expect(memberFacts(official).map(({ what }) => what)).toEqual([words.authorized, words.path]);
  });

  it('tell of what keeps a member from working, and only of that', () => {
    expect(memberFacts(known).map(({ what }) => what)).not.toContain(words.clock);
    const odd = memberFacts({
      ...known,
      heard: { ...known.heard, lostConfigs: 3 },
      path: { ...known.path, clockSkewMs: -90_000, planet: 'other' },
    });
    expect(odd).toContainEqual({
      what: words.lostConfigs,
      value: '3',
      source: words.controller,
      at: 5_000,
    });
    expect(odd).toContainEqual({
      what: words.clock,
      value: words.behind(90),
      source: words.itself,
      at: 6_000,
    });
    expect(odd).toContainEqual({
      what: words.planet,
      value: words.planets.other,
      source: words.itself,
      at: 6_000,
    });
  });

  it('have the word of other members, with whose it is', () => {
    const report = { source: 'member', by: '0000000009', at: 9_000, heardAt: 8_000 } as const;
    const facts = memberFacts({
      ...known,
      reports: [
        { ...report, kind: 'direct', latencyMs: 12 },
        { ...report, by: '0000000008', kind: 'relayed', latencyMs: null },
      ],
    });
    expect(facts).toContainEqual({
      what: words.fromMember('0000000009'),
      value: words.withLatency(words.directly, '12 ms'),
      source: words.member('0000000009'),
      at: 8_000,
    });
    expect(facts).toContainEqual({
      what: words.fromMember('0000000008'),
      value: words.relayed,
      source: words.member('0000000008'),
      at: 8_000,
    });
  });

  it('say that it is banned, and since when', () => {
    const banned = aMember({ isAuthorized: false, isBanned: true, bannedAt: 9_000 });
    expect(memberFacts(banned)).toContainEqual({
      what: words.banned,
      value: strings.members.page.yes,
      source: words.person,
      at: 9_000,
    });
  });

  it('say who knows that it was shut out', () => {
    const facts = memberFacts(
      aMember({
        isAuthorized: false,
        deauthorizedAt: 7_000,
        revocation: { sentAt: 8_000, confirmed: ['0000000002'], waiting: ['0000000003'] },
      }),
    );
    expect(facts).toContainEqual({
      what: words.revocation,
      value: words.confirmed(1, 2),
      source: words.controller,
      at: 8_000,
    });
    expect(facts).toContainEqual({
      what: words.shutOut,
      value: strings.members.page.yes,
      source: words.controller,
      at: 7_000,
    });
  });

  it('tell an Overspan member from an official one', () => {
    const { heard } = known;
    const software = { ...heard.software!, isOverspan: true, platform: null };
    expect(softwareText({ ...known, heard: { ...heard, software } })).toBe('Overspan 1.14.1');
    expect(softwareText(aMember())).toBeNull();
  });
});
