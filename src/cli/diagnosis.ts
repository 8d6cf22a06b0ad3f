/**
 * Why a member does not work: a tree over what is known, from the root down. Each answer is one sentence, how sure it is, and
 * the next command; where nothing fits it says that it does not know.
 */
import type { MemberV1 } from '../api/schema/v1.ts';

/** What is known, at one moment. */
export interface Facts {
  /** Since the Unix epoch, ms. */
  readonly nowMs: number;
  /** Whether the node of the controller is in contact with a root. */
  readonly isOnline: boolean;
  readonly member: MemberV1;
  /** Other members of the network that are well. */
  readonly othersOk: number;
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

/** Walks down the tree. */
export function diagnose(facts: Facts): Diagnosis {
  const { member, network, isOnline, nowMs } = facts;
  const { address, heard, path } = member;
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
  if (heard.askedAt === null && heard.software === null && !isAlive)
    return end(
      `${address} was never heard: its node does not run, has not joined ${network}, uses another planet, or UDP is blocked there`,
      'likely',
      `on the member: overspan join ${network}; overspan info`,
    );
  if (member.state === 'silent' || member.state === 'never-configured')
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
          'on the member: overspan info; let UDP 9993 out there; set its clock where that is wrong',
        );
  because.push('it asks for its configuration and gets it');
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
  return end(
    `I don't know: as far as the controller can tell ${address} works${facts.mtu > 1_500 ? `; where only large packets are lost, lower the MTU (now ${facts.mtu})` : ''}`,
    'unknown',
    `on the member: overspan peer list; for somebody else to look at: overspan why ${network} ${address} --bundle FILE`,
  );
}
