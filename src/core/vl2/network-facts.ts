/** What the packet path asks of a configuration for each frame: taken out of it once. */
import type { Address } from '../../base/ids.ts';
import { specialistRoles } from '../../wire/network-config/config-parts.ts';
import {
  networkFlags,
  networkTypes,
  type NetworkConfig,
} from '../../wire/network-config/network-config.ts';

/** The most members that a multicast goes to, whatever a configuration says. */
export const multicastLimitMax = 4_096;

/** Facts of one configuration. */
export interface NetworkFacts {
  readonly isPublic: boolean;
  readonly hasBroadcast: boolean;
  readonly emulatesNdp: boolean;
  /** Whether multicasts may be compressed. */
  readonly compresses: boolean;
  /** To how many members a multicast goes; 0: none is sent or taken. */
  readonly multicastLimit: number;
  /** Whether this node is one of the {@link activeBridges}. */
  readonly isActiveBridge: boolean;
  readonly isReplicator: boolean;
  /** Others that may speak for hosts behind them. */
  readonly activeBridges: readonly Address[];
  /** Others that are to be kept in touch with and know groups. */
  readonly anchors: readonly Address[];
  /** Others that send multicasts on. */
  readonly replicators: readonly Address[];
}

/** Before there is a configuration: nothing is allowed. */
export const noFacts: NetworkFacts = {
  isPublic: false,
  hasBroadcast: false,
  emulatesNdp: false,
  compresses: true,
  multicastLimit: 0,
  isActiveBridge: false,
  isReplicator: false,
  activeBridges: [],
  anchors: [],
  replicators: [],
};

/** The facts of a configuration of ours. */
export function factsOf(config: NetworkConfig): NetworkFacts {
  const { flags, specialists, issuedTo } = config;
  const withRole = (role: number): Address[] =>
    specialists.filter(({ roles }) => (roles & role) !== 0).map(({ address }) => address);
  const others = (role: number): Address[] =>
    withRole(role).filter((address) => address !== issuedTo);
  const { activeBridge, anchor, multicastReplicator } = specialistRoles;
  return {
    isPublic: config.type === networkTypes.public,
    hasBroadcast: (flags & networkFlags.broadcast) !== 0n,
    emulatesNdp: (flags & networkFlags.ndpEmulation) !== 0n,
    compresses: (flags & networkFlags.noCompression) === 0n,
    multicastLimit: Math.min(multicastLimitMax, config.multicastLimit),
    isActiveBridge: withRole(activeBridge).includes(issuedTo),
    isReplicator: withRole(multicastReplicator).includes(issuedTo),
    activeBridges: others(activeBridge),
    anchors: others(anchor),
    replicators: others(multicastReplicator),
  };
}
