/** What handlers of verbs work with: the parts of a node, and what concerns several of them. */
import type { Address } from '../../base/ids.ts';
import type { PeerKeys } from '../../crypto/peer-keys.ts';
import type { CryptoProvider } from '../../crypto/provider.ts';
import type { Identity, SecretIdentity } from '../../wire/identity.ts';
import type { World } from '../../wire/world.ts';
import type { DropCounts } from '../drop-reasons.ts';
import type { VerbCounts } from '../verb-counts.ts';
import type { EndpointTable } from '../endpoint.ts';
import type { EventQueue } from '../events.ts';
import type { ControllerLayer, InboundPacket, NetworkLayer } from '../packet-handler.ts';
import type { Now } from '../ports.ts';
import type { Attempts } from './attempts.ts';
import type { Contact } from './contact.ts';
import type { ExpectedReplies } from './expected-replies.ts';
import type { IdentityGate } from './identity-gate.ts';
import type { IdentityRequests } from './identity-requests.ts';
import type { PathLearning } from './path-learning.ts';
import type { Path } from './path.ts';
import type { PeerMemory } from './peer-memory.ts';
import type { PeerTable } from './peer-table.ts';
import type { Peer } from './peer.ts';
import type { SelfAwareness } from './self-awareness.ts';
import type { Switch } from './switch.ts';
import type { Topology } from './topology.ts';
import type { Upstreams } from './upstreams.ts';
import type { Validations } from './validations.ts';

/** See the head of this file. */
export interface Context {
  readonly self: SecretIdentity;
  readonly provider: CryptoProvider;
  readonly peers: PeerTable;
  readonly memory: PeerMemory;
  readonly topology: Topology;
  readonly upstreams: Upstreams;
  readonly switch: Switch;
  readonly contact: Contact;
  readonly attempts: Attempts;
  readonly learning: PathLearning;
  readonly awareness: SelfAwareness;
  readonly gate: IdentityGate;
  readonly expected: ExpectedReplies;
  readonly validations: Validations;
  readonly requests: IdentityRequests;
  readonly endpoints: EndpointTable;
  readonly drops: DropCounts;
  readonly verbs: VerbCounts;
  readonly events: EventQueue;
  /** VL2; null in a node without networks. */
  readonly networks: NetworkLayer | null;
  readonly controller: ControllerLayer;

  /**
   * Makes a peer of an identity that can be trusted to be one. What waited for it goes on.
   *
   * @param identity - copied. @param keys - those agreed already; kept
   * @returns null where its key gives no secret
   */
  addPeer(now: Now, identity: Identity, keys?: PeerKeys): Peer | null;
  /** A root or seed has sent a world. */
  offerWorld(now: Now, from: Address, offered: World): void;
  /** Somebody, over a direct path, says what our address is. */
  reportAddress(now: Now, packet: InboundPacket, seen: IpReport): void;
  /** Keeps a packet until an identity is known. @param sealed - as it came */
  holdSealed(now: Now, source: Address, sealed: Uint8Array, path: Path): void;
  /** Keeps an opened packet until something about an address is known. */
  hold(now: Now, waitsFor: Address, packet: InboundPacket): void;
}

/** An address in a report; others are passed over. */
export type IpReport = Parameters<SelfAwareness['report']>[3];
