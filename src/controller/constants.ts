/** Times and limits of a controller. */

/** A second request of a member within this time is not answered, ms (vl2 6.1). */
export const requestGateMs = 1_000;
/** A member that has asked within this time is online: pushes and revocations go to it, ms (vl2 5.6, 6.4). */
export const onlineMs = 120_000;
/** How long a member that was given a configuration may announce and ask for multicast groups here, ms (vl2 3.3). */
export const groupAuthorizationMs = 180_000;

/** Configurations that are made and signed at once when many are to be pushed: 4 ms in which packets wait. */
export const pushesPerTurn = 32;
/** From one turn to the next at least, ms: what has come meanwhile is done first. */
export const pushTurnMs = 1;

/**
 * Between two packets of revocations to one member, ms: a receiver takes one packet of credentials a second from a peer and
 * ignores the rest (vl2 3.6, pitfall 12).
 */
export const revocationIntervalMs = 1_100;
/** How often each revocation is sent: a lost one would leave the member in for half an hour. The reference: once. */
export const revocationSends = 3;
/** Revocations of 152 bytes that fit into one packet. */
export const revocationsPerPacket = 64;

/** To an Overspan member, which confirms: when revocations go again, each after the one before, ms. */
export const confirmationRetriesMs: readonly number[] = [200, 300, 500, 1_000, 2_000, 4_000, 8_000];
/** Packets of confirmed revocations that go out together, … */
export const confirmationPacketsPerTurn = 256;
/** … and how long the others wait meanwhile, ms. */
export const confirmationTurnMs = 10;
/** Packets of confirmed revocations of a network that are remembered. */
export const confirmedPacketsMax = 1_024;
/** Members that were shut out of a network lately, of whom newcomers are told; more are forgotten, the oldest first. */
export const shutOutMax = 4_096;

/** What members say of each other counts for this time, ms: they ask every minute. */
export const reportMs = 180_000;
/** A second report of a member within this time is not taken, ms. */
export const reportGateMs = 20_000;
/** Members whose word about one member is kept, the latest; … */
export const reportsOfMemberMax = 16;
/** … and words of a network in all. */
export const reportsMax = 65_536;

/** How much a controller keeps. */
export interface ControllerLimits {
  readonly networks: number;
  /** Of each network. */
  readonly members: number;
  /** Members of a network that have asked and were never authorised: anybody can make these, so the oldest make room. */
  readonly pending: number;
  /** Invitations of a network; those that let nobody in any more make room. */
  readonly invites: number;
}

/** What an ordinary controller keeps at most. */
export const controllerLimits: ControllerLimits = {
  networks: 4_096,
  members: 65_536,
  pending: 1_024,
  invites: 1_024,
};

/** How far the stored time of what was issued may be behind, ms: well within the shortest window of certificates. */
export const issueMarkMs = 60_000;
