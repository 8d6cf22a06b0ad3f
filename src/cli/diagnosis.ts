/**
 * Why a member does not work: a tree over what is known, from the root down. Each answer is one sentence, how sure it is, and
 * the next command; where nothing fits it says that it does not know.
 */
import type { MemberV1 } from '../api/schema/v1.ts';
import { skewText } from './time-text.ts';

/** What is known, at one moment. */
export interface Facts {
  /** Since the Unix epoch, ms. */
  readonly nowMs: number;
  /** Whether the node of the controller is in contact with a root. */
  readonly isOnline: boolean;
  readonly member: MemberV1;
  /** Other members of the network that are well. */
  readonly othersOk: number;
  /** How far the clocks of other members are ahead of the controller's, ms; those that are known. */
  readonly othersClockSkewMs: readonly number[];
  /** The network's digits. */
  readonly network: string;
  /** MTU of the network. */
  readonly mtu: number;
}

/** An answer. */
export interface Diagnosis {
  readonly sentence: string;
  /** `certain`: it follows from what the controller decides itself. `likely`: from what it has not heard. */
  readonly confidence: 'certain' | 'likely' | 'unknown';
  /** What to type next, and where. */
  readonly next: string;
  /** What it rests on, from the root of the tree down. */
  readonly because: readonly string[];
}

/** The node of the controller has heard a member lately, ms. */
const aliveMs = 90_000;

/** A clock that is further off is named, ms: a HELLO is on its way for less. */
const clockSkewMsMin = 60_000;
/** Configurations in a row that a member did not get; fewer may have crossed its questions, or been lost by chance. */
const lostConfigsMin = 3;
/** Bytes of a datagram of a node, and of the IPv4 packet around it. */
const datagramBytes = 1_432;
const ipPacketBytes = datagramBytes + 28;

/** Walks down the tree. */
export function diagnose(facts: Facts): Diagnosis {
  const { member, network, isOnline, nowMs } = facts;
  const { address, heard, path } = member;
  const planet = planetProblem(member);
  const clock = clockProblem(facts);
  const because: string[] = [];
  const end = (sentence: string, confidence: Diagnosis['confidence'], next: string): Diagnosis => ({
    sentence,
    confidence,
    next,
    because,
  });
  if (member.isBanned) {
    because.push('it is banned');
    return end(
      `${address} is banned from ${network}`,
      'certain',
      `to lift the ban: overspan member unban ${network} ${address}; then let it in: overspan member authorize ${network} ${address}`,
    );
  }
  if (!member.isAuthorized) {
    because.push('it is not authorised');
    if (member.state === 'never-configured')
      return end(
        `${address} is not authorised, and has never asked to join`,
        'certain',
        `to let it in when it asks: overspan member authorize ${network} ${address}; on the member: overspan join ${network}`,
      );
    return member.deauthorizedAt === null
      ? end(
          `${address} has asked to join and waits to be authorised`,
          'certain',
          `overspan member authorize ${network} ${address}`,
        )
      : end(
          `${address} was shut out`,
          'certain',
          `to let it in again: overspan member authorize ${network} ${address}`,
        );
  }
  because.push('it is authorised');
  if (!isOnline) {
    because.push('the node of the controller is in contact with no root');
    return end(
      'the node of the controller reaches no root, so members reach it only where they know its address',
      'likely',
      'overspan info; let UDP 9993 out, and compare planets: overspan root show',
    );
  }
  because.push('the node of the controller is online');
  const isAlive = path.heardAt !== null && nowMs - path.heardAt < aliveMs;
  because.push(isAlive ? 'its node was heard within 90 s' : 'its node was not heard for 90 s');
  if (planet !== null) because.push(planet.step);
  else if (path.planet === 'same') because.push("its planet is that of the controller's node");
  if (clock !== null) because.push(clock);
  else if (path.clockSkewMs !== null) because.push('its clock is right to the minute');
  const isGone = member.state === 'silent' || member.state === 'never-configured';
  if (isGone && planet !== null)
    return end(
      `${address} does not ask for ${network}, and ${planet.step}: it may not find the controller`,
      'likely',
      planet.next,
    );
  const hearing = member.reports.filter(
    ({ heardAt }) => heardAt !== null && nowMs - heardAt < aliveMs,
  );
  if (isGone && !isAlive && hearing.length > 0) {
    because.push(`${hearing.length} of the other members say that they heard it within 90 s`);
    return end(
      `other members hear ${address}: its node runs, and the controller's side is cut off from it`,
      'likely',
      "here: overspan info; let UDP 9993 in and out; on the member: overspan peer list, is the controller's node there?",
    );
  }
  if (heard.askedAt === null && heard.software === null && !isAlive)
    return end(
      `${address} was never heard: its node does not run, has not joined ${network}, uses another planet, or UDP is blocked there`,
      'likely',
      `on the member: overspan join ${network}; overspan info`,
    );
  if (isGone)
    return isAlive
      ? end(
          `the node ${address} runs, but does not ask for ${network}: it has left it, or joined another one`,
          'likely',
          `on the member: overspan network list; overspan join ${network}`,
        )
      : end(
          facts.othersOk > 0
            ? `${address} is off, or cut off from here: other members are heard`
            : `${address} is off or cut off, and so are all other members: look at this side first`,
          'likely',
          'on the member: overspan info; let UDP 9993 out there',
        );
  const lost = heard.lostConfigs ?? 0;
  if (lost >= lostConfigsMin) {
    because.push(`it asks, was sent its configuration ${lost} times, and does not hold it`);
    const ip = path.endpoint?.split('/')[0];
    return path.kind === 'direct' && ip !== undefined
      ? end(
          `small packets pass between ${address} and the controller's node, and the larger ones with its configuration are lost`,
          'likely',
          `here: ping -M do -s ${datagramBytes} ${ip}; where only that is lost, give the way there an MTU of ${ipPacketBytes} bytes`,
        )
      : end(
          `${address} asks for its configuration, and what it is sent does not reach it`,
          'likely',
          'on the member: overspan info, overspan peer list; let UDP 9993 in there',
        );
  }
  because.push('it asks for its configuration and gets it');
  const { length: count } = member.reports;
  const direct = member.reports.filter(({ kind }) => kind === 'direct').length;
  if (count > 0) because.push(`${direct} of ${count} members that say so reach it directly`);
  if (path.kind === 'relayed')
    return end(
      `${address} works, over a root: no direct path from the controller's node to it was found`,
      'likely',
      'let UDP 9993 in on one of the two sides; what that costs: overspan compare',
    );
  if (member.ipAssignments.length === 0)
    return end(
      `${address} is in the network and has no address of its own but those that follow from its id`,
      'certain',
      `give the network a pool, or the member an address: overspan member assign ${network} ${address} IP`,
    );
  if (planet !== null)
    return end(
      `${address} works, but ${planet.step}: when addresses change the two may not find each other again`,
      'likely',
      planet.next,
    );
  if (clock !== null)
    return end(
      `${address} works, but ${clock}: the network does not mind, certificates and logs do`,
      'likely',
      'on both hosts: timedatectl',
    );
  return end(
    `I don't know: as far as the controller can tell ${address} works${facts.mtu > 1_500 ? `; where only large packets are lost, lower the MTU (now ${facts.mtu})` : ''}`,
    'unknown',
    `${largePing(facts)}on the member: overspan peer list; for somebody else to look at: overspan why ${network} ${address} --bundle FILE`,
  );
}

/** What is wrong with the planet of a member; null: nothing, or it is not known. */
function planetProblem({
  path,
}: MemberV1): { readonly step: string; readonly next: string } | null {
  const compare = 'compare: overspan root show, on both hosts';
  const take = (from: string, to: string): string =>
    `${compare}; ${to}: overspan up --planet FILE, that of the ${from}`;
  switch (path.planet) {
    case 'other':
      return {
        step: "its node uses another planet than the controller's",
        next: take('controller', 'on the member'),
      };
    case 'older':
      return {
        step: "its node holds an older planet than the controller's",
        next: take('controller', 'on the member'),
      };
    case 'newer':
      return {
        step: "its node holds a newer planet than the controller's",
        next: take('member', 'here'),
      };
    case 'same':
    case 'unknown':
      return null;
  }
}

/** Whose clock is off and by how much; null: none, or it is not known. */
function clockProblem({ member, othersClockSkewMs: others }: Facts): string | null {
  const { clockSkewMs } = member.path;
  if (clockSkewMs === null || Math.abs(clockSkewMs) < clockSkewMsMin) return null;
  const alike = others.filter((each) => Math.abs(each - clockSkewMs) < clockSkewMsMin).length;
  // Where most clocks agree with each other and not with ours, it is ours.
  return others.length > 0 && 2 * alike > others.length
    ? `the clock of the controller's host is ${skewText(-clockSkewMs)} its own and those of other members`
    : `its clock is ${skewText(clockSkewMs)} the controller's`;
}

/** How to find out whether large packets pass: only hosts in the network can. */
function largePing({ member, mtu }: Facts): string {
  const ip = member.ipAssignments.find((each) => !each.includes(':'));
  return ip === undefined
    ? ''
    : `do large packets pass? on another member: ping -M do -s ${mtu - 28} ${ip}; `;
}
