/** What a person is told of a joined network. */
import type { Address, Mac, NetworkId } from '../../base/ids.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { networkTypes } from '../../wire/network-config/network-config.ts';
import type { NetworkStatus } from '../events.ts';
import type { IpPrefix, Route } from '../ports.ts';
import type { Network } from './network.ts';
import { mtuBounds } from './tap-state.ts';

/** One joined network at one moment. */
export interface NetworkView {
  readonly id: NetworkId;
  /** Empty: not known yet. Somebody else's text. */
  readonly name: string;
  readonly status: NetworkStatus;
  /** Null: nobody controls it. */
  readonly controller: Address | null;
  readonly mac: Mac;
  readonly mtu: number;
  readonly isPublic: boolean;
  readonly hasBroadcast: boolean;
  readonly isActiveBridge: boolean;
  readonly multicastLimit: number;
  /** Of the network's record; 0: no configuration. */
  readonly revision: bigint;
  /** When the configuration was made, by the controller's clock, ms; 0: there is none. */
  readonly configTimestamp: bigint;
  readonly addresses: readonly IpPrefix[];
  readonly routes: readonly Route[];
  readonly dnsDomain: string;
  readonly dnsServers: readonly string[];
  readonly deviceName: string | null;
  /** Members with whom this node has to do. */
  readonly membersKnown: number;
  /** Groups that this node wants to hear. */
  readonly groups: readonly MulticastGroup[];
  readonly asked: AskedView;
}

/** What a join waits for. */
export interface AskedView {
  /** Since the controller was last asked, ms; null: never. */
  readonly askedAgoMs: number | null;
  /** Since it last answered anything, ms; null: never. */
  readonly answeredAgoMs: number | null;
  readonly answer:
    | 'nothing'
    | 'configuration'
    | Extract<NetworkStatus, 'access-denied' | 'not-found' | 'authentication-required'>;
  /** Where to sign on, if it said so. Somebody else's text. */
  readonly signOnUrl: string | null;
}

/** The view of a network. */
export function viewOf(network: Network, nowMs: number): NetworkView {
  const { state, tap } = network;
  const { config, facts } = state;
  return {
    id: state.id,
    name: config?.name ?? '',
    status: network.status,
    controller: state.controller,
    mac: state.mac,
    mtu: tap?.mtu ?? mtuBounds.default,
    isPublic: config?.type === networkTypes.public,
    hasBroadcast: facts.hasBroadcast,
    isActiveBridge: facts.isActiveBridge,
    multicastLimit: facts.multicastLimit,
    revision: config?.revision ?? 0n,
    configTimestamp: config?.timestamp ?? 0n,
    addresses: tap?.addresses ?? [],
    routes: tap?.routes ?? [],
    dnsDomain: tap?.dnsDomain ?? '',
    dnsServers: tap?.dnsServers ?? [],
    deviceName: tap?.deviceName ?? null,
    membersKnown: state.members.size,
    groups: state.ownGroups.all(nowMs),
    asked: askedView(network, nowMs),
  };
}

function askedView({ client }: Network, nowMs: number): AskedView {
  const ago = (atMs: number | null | undefined): number | null =>
    atMs === null || atMs === undefined ? null : nowMs - atMs;
  return {
    askedAgoMs: ago(client?.askedAtMs),
    answeredAgoMs: ago(client?.answeredAtMs),
    answer:
      client?.refusal ??
      (ago(client?.answeredAtMs) === null ? ('nothing' as const) : ('configuration' as const)),
    signOnUrl: client?.signOn?.url ?? client?.signOn?.issuerUrl ?? null,
  };
}
