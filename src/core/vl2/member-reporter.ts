/**
 * What this node tells a controller of ours about the other members of a network: how it reaches each that it has to do with, and
 * when it heard of it last. At the end of a configuration request: see `wire/network-config/member-report.ts`.
 *
 * Who was not heard for five minutes is not told of. Where there are more than one report holds they take turns, by address.
 */
import type { Address } from '../../base/ids.ts';
import { encode } from '../../wire/codec.ts';
import {
  memberReport,
  memberReportVersion,
  reportedMembersMax,
  reportedValueMax,
  type ReportedMember,
} from '../../wire/network-config/member-report.ts';
import type { Now } from '../ports.ts';
import type { Reach, Vl1 } from '../vl1-port.ts';
import type { NetworkState } from './network-state.ts';

/** A member that was not heard for this time is not told of, ms. */
export const reportedHeardMsMax = 300_000;

const nothing = new Uint8Array(0);

/** The reports about one network. */
export class MemberReporter {
  readonly #vl1: Vl1;
  readonly #state: NetworkState;
  /** The last member of the last report. */
  #last = 0;

  constructor(vl1: Vl1, state: NetworkState) {
    this.#vl1 = vl1;
    this.#state = state;
  }

  /** The next report, new; empty where there is nobody to tell of. */
  report(now: Now): Uint8Array {
    const members = this.#next(now);
    if (members.length === 0) return nothing;
    return encode(memberReport, { version: memberReportVersion, members, future: nothing });
  }

  /** Those whose turn it is: beginning with the first after the last that was told of. */
  #next(now: Now): readonly ReportedMember[] {
    const heard = this.#heard(now);
    const first = heard.findIndex(({ address }) => address > this.#last);
    const turn = first === -1 ? heard : [...heard.slice(first), ...heard.slice(0, first)];
    const members: ReportedMember[] = [];
    for (const { address, reach } of turn) {
      if (!this.#state.admits(address)) continue;
      members.push(reported(address, reach));
      this.#last = address;
      if (members.length === reportedMembersMax) break;
    }
    return members;
  }

  /** By ascending address. */
  #heard(now: Now): { readonly address: Address; readonly reach: Reach }[] {
    const heard: { readonly address: Address; readonly reach: Reach }[] = [];
    for (const { address } of this.#state.members) {
      const reach = this.#vl1.reach(now, address);
      if (reach !== null && reach.heardAgoMs < reportedHeardMsMax) heard.push({ address, reach });
    }
    return heard.sort((a, b) => a.address - b.address);
  }
}

function reported(address: Address, { isDirect, latencyMs, heardAgoMs }: Reach): ReportedMember {
  return {
    address,
    kind: isDirect ? 'direct' : 'relayed',
    latencyMs: latencyMs === null ? null : Math.min(Math.round(latencyMs), reportedValueMax),
    // Rounded up: never heard later than it was.
    heardAgoS: Math.min(Math.max(0, Math.ceil(heardAgoMs / 1_000)), reportedValueMax),
  };
}
