/**
 * The rules of a network as one member has them: compiled once when a configuration comes, with that member's own
 * capabilities, tags and certificates.
 *
 * My own credentials count however old they are (vl2 7.2, 7.3): whether they do is for others to say.
 */
import type { Address, Mac } from '../../../base/ids.ts';
import { isInIpv6Prefix } from '../../../wire/ip-address.ts';
import { memberIpBits, memberIpPrefix, type MemberIpMode } from '../../../wire/member-ip.ts';
import { networkFlags, type NetworkConfig } from '../../../wire/network-config/network-config.ts';
import { compileRules } from './compiled-rules.ts';
import type { FilterRules } from './filter.ts';
import { OwnedThings } from './owned-things.ts';
import { noTag, type CompiledRules, type Ipv6Prefix, type OwnedIpType } from './rule-frame.ts';

/** What a member's filter needs of its configuration. */
export type RuleConfig = Pick<
  NetworkConfig,
  | 'networkId'
  | 'issuedTo'
  | 'flags'
  | 'rules'
  | 'capabilities'
  | 'tags'
  | 'ownerships'
  | 'staticIps'
>;

/** The rules and my side of them. Holds no view of the configuration. */
export class NetworkRules implements FilterRules {
  readonly self: Address;
  readonly base: CompiledRules;
  /** Mine, by ascending id. */
  readonly capabilities: readonly CompiledRules[];
  readonly emulatedPrefixes: readonly Ipv6Prefix[];
  readonly randomU32: () => number;
  readonly #tags: ReadonlyMap<number, number>;
  readonly #things: OwnedThings;

  /** @param randomU32 - 32 random bits, for MATCH_RANDOM */
  constructor(config: RuleConfig, randomU32: () => number) {
    const unknown = unknownMatchResult(config);
    this.self = config.issuedTo;
    this.base = compileRules(config.rules, unknown);
    this.capabilities = [...config.capabilities]
      .sort((a, b) => a.id - b.id)
      .map(({ rules }) => compileRules(rules, unknown));
    this.emulatedPrefixes = emulatedPrefixes(config);
    this.randomU32 = randomU32;
    this.#tags = new Map(config.tags.map(({ id, value }) => [id, value]));
    this.#things = new OwnedThings(config.ownerships.flatMap(({ things }) => things));
  }

  tag(id: number): number {
    return this.#tags.get(id) ?? noTag;
  }

  ownsIp(type: OwnedIpType, bytes: Uint8Array, start: number): boolean {
    return this.#things.hasIp(type, bytes, start);
  }

  ownsMac(mac: Mac): boolean {
    return this.#things.hasMac(mac);
  }
}

/** Whether a network wants unknown conditions to count as true; those of others' capabilities too. */
export function unknownMatchResult({ flags }: Pick<NetworkConfig, 'flags'>): boolean {
  return (flags & networkFlags.unknownMatchResult) !== 0n;
}

const modes: readonly MemberIpMode[] = ['rfc4193', '6plane'];

function emulatedPrefixes({ networkId, flags, staticIps }: RuleConfig): readonly Ipv6Prefix[] {
  if ((flags & networkFlags.ndpEmulation) === 0n) return [];
  return modes
    .map((mode) => ({ bytes: memberIpPrefix(mode, networkId), bits: memberIpBits[mode] }))
    .filter(({ bytes, bits }) =>
      staticIps.some(
        (ip) => ip.kind === 'ipv6' && ip.port === bits && isInIpv6Prefix(ip.address, bytes, bits),
      ),
    );
}
