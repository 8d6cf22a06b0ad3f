/**
 * One joined network: its status, its configuration applied, its tap, and the parts that move its frames.
 *
 * | status | while |
 * |---|---|
 * | `requesting` | there is no configuration |
 * | `ok` | there is one, and the controller's last answer, if any, was one |
 * | `access-denied`, `not-found`, `authentication-required` | the controller said so last |
 * | `port-error` | there is no tap |
 *
 * A refusal takes nothing away: addresses, routes and credentials stay until the network is left (vl2 3.7).
 */
import { formatU64, type NetworkId } from '../../base/ids.ts';
import { decode, isDrop } from '../../wire/codec.ts';
import type { MulticastGroup } from '../../wire/multicast-group.ts';
import { networkConfig, type NetworkConfig } from '../../wire/network-config/network-config.ts';
import type { NetworkStatus } from '../events.ts';
import type { Now, TapState } from '../ports.ts';
import type { FrameQueue } from '../queues.ts';
import type { Vl1 } from '../vl1-port.ts';
import { adHocConfig, isImpossibleAdHoc } from './ad-hoc-network.ts';
import { ConfigClient } from './config-client.ts';
import { CredentialsPush } from './credentials-push.ts';
import { FrameFilter } from './frame-filter.ts';
import { FramesInbound } from './frames-inbound.ts';
import { FramesOutbound } from './frames-outbound.ts';
import type { GatherAnswers } from './gather-answers.ts';
import { GroupAnnouncer } from './group-announcer.ts';
import type { GroupMembers } from './group-members.ts';
import { Multicaster } from './multicaster.ts';
import { NetworkState } from './network-state.ts';
import { sameTapState, tapStateOf } from './tap-state.ts';

/** What networks share. */
export interface NetworkParts {
  readonly vl1: Vl1;
  /** To the taps. */
  readonly frames: FrameQueue;
  readonly groupMembers: GroupMembers;
  readonly gatherAnswers: GatherAnswers;
  /** Room for one payload. */
  readonly scratch: Uint8Array;
  /** Room for one payload of a copy that rules ask for. */
  readonly copyScratch: Uint8Array;
  /** `linux/x86_64`; null: not told. */
  readonly platform: string | null;
}

/** See the head of this file. */
export class Network {
  readonly state: NetworkState;
  readonly push: CredentialsPush;
  readonly announcer: GroupAnnouncer;
  readonly multicaster: Multicaster;
  readonly inbound: FramesInbound;
  readonly outbound: FramesOutbound;
  /** Null: nobody controls it. */
  readonly client: ConfigClient | null;
  readonly #parts: NetworkParts;
  #tap: TapState | null = null;
  #hasTapFailed = false;
  #status: NetworkStatus = 'requesting';

  constructor(now: Now, id: NetworkId, parts: NetworkParts) {
    const { vl1, platform, copyScratch } = parts;
    const state = new NetworkState(vl1, id);
    const push = new CredentialsPush(vl1, state);
    const announcer = new GroupAnnouncer(vl1, state, push);
    const filter = new FrameFilter(vl1, state, push, copyScratch);
    const multicaster = new Multicaster({ ...parts, state, filter, push });
    this.#parts = parts;
    this.state = state;
    this.push = push;
    this.announcer = announcer;
    this.multicaster = multicaster;
    this.inbound = new FramesInbound({ ...parts, state, filter, multicaster, announcer });
    this.outbound = new FramesOutbound({ ...parts, state, filter, push, multicaster, announcer });
    this.client =
      state.controller === null
        ? null
        : new ConfigClient(vl1, state, {
            now,
            controller: state.controller,
            platform,
            apply: (at, config, text) => {
              this.#apply(at, config);
              this.#persist(text);
            },
          });
  }

  get status(): NetworkStatus {
    return this.#status;
  }

  /** What the tap is to be; null: none. */
  get tap(): TapState | null {
    return this.#tap;
  }

  /**
   * Begins: uses what was kept of an earlier run, and asks.
   *
   * @param cached - the dictionary of the last configuration, from our own disk; what is not for us here is not used
   */
  start(now: Now, cached: Uint8Array | null): void {
    if (this.client === null) {
      const config = adHocConfig(this.state.id, this.state.self, now.wallMs);
      if (config !== null) this.#apply(now, config);
    } else if (cached !== null) {
      const config = decode(networkConfig, cached);
      if (!isDrop(config) && this.#isForUs(config)) this.#apply(now, config);
    }
    this.client?.handleTimeout(now);
    this.updateStatus();
    if (this.#status === 'requesting')
      this.#parts.vl1.emit({ kind: 'network', networkId: this.state.id, status: 'requesting' });
  }

  /** Ends: the tap goes, and what was kept. */
  stop(): void {
    const { vl1, groupMembers } = this.#parts;
    const networkId = this.state.id;
    // A root goes on knowing the groups of every network.
    if (!vl1.isRoot()) groupMembers.forget(networkId);
    if (this.#tap !== null) vl1.emit({ kind: 'tap', networkId, state: null });
    if (this.client !== null) this.#persist(null);
  }

  /** The groups that the tap's host has joined. */
  setHostGroups(now: Now, groups: readonly MulticastGroup[]): void {
    this.announcer.announce(now, this.state.ownGroups.setHost(groups));
  }

  /** Whether the tap could be made. */
  setTapFailed(hasFailed: boolean): void {
    this.#hasTapFailed = hasFailed;
    this.updateStatus();
  }

  nextTimeoutMs(): number {
    return Math.min(
      this.client?.nextTimeoutMs() ?? Infinity,
      this.push.nextTimeoutMs(),
      this.announcer.nextTimeoutMs(),
      this.multicaster.nextTimeoutMs(),
    );
  }

  handleTimeout(now: Now): void {
    this.client?.handleTimeout(now);
    this.push.handleTimeout(now);
    this.announcer.handleTimeout(now);
    this.multicaster.handleTimeout(now);
  }

  /** Says so when the status is another than before. */
  updateStatus(): void {
    const status = this.#presentStatus();
    if (status === this.#status) return;
    this.#status = status;
    this.#parts.vl1.emit({ kind: 'network', networkId: this.state.id, status });
  }

  #presentStatus(): NetworkStatus {
    if (this.#hasTapFailed) return 'port-error';
    const refusal = this.client?.refusal ?? null;
    if (refusal !== null) return refusal;
    if (this.state.config !== null) return 'ok';
    return isImpossibleAdHoc(this.state.id) ? 'not-found' : 'requesting';
  }

  #isForUs({ networkId, issuedTo }: NetworkConfig): boolean {
    return networkId === this.state.id && issuedTo === this.state.self;
  }

  #apply(now: Now, config: NetworkConfig): void {
    const { state } = this;
    state.configure(config);
    this.push.configured(now.monoMs, config);
    const tap = tapStateOf(config);
    if (this.#tap === null || !sameTapState(this.#tap, tap)) {
      this.#tap = tap;
      this.#parts.vl1.emit({ kind: 'tap', networkId: state.id, state: tap });
    }
    // At once: only who is in the group of its own address can be asked for by ARP (vl2 9 point 13).
    this.announcer.announce(now, [
      ...state.ownGroups.setAddresses(config.staticIps),
      ...state.ownGroups.setBroadcast(state.facts.hasBroadcast),
    ]);
    this.updateStatus();
  }

  #persist(bytes: Uint8Array | null): void {
    const name = `networks.d/${formatU64(this.state.id)}.conf`;
    this.#parts.vl1.emit({ kind: 'persist', name, bytes });
  }
}
