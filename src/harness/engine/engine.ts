/**
 * What an overlay has to do to be measured: one file an engine, each passing `test/conformance/engine.ts`.
 *
 * The order of calls: `doctor` at any time; `up` once on a lab, `join` once for each host, then `address`, `path` and
 * `cost` as often as wanted, and `down` at last, which may be called again. An error of `up` or `join` leaves the
 * network unusable, and the lab undoes what it had begun.
 */
import type { Finding } from '../doctor/finding.ts';
import type { HostTools } from '../doctor/host-tools.ts';
import type { Workspace } from '../lab/daemon.ts';
import type { LabHost } from '../lab/host.ts';
import type { Step } from '../lab/steps.ts';

export interface Engine {
  /** What is typed after `--engine`; also the label of its path. Kebab-case. */
  readonly name: string;
  /** One sentence, for lists. */
  readonly summary: string;
  /** What the machine has and lacks for it. Changes nothing. */
  doctor(tools: HostTools): Promise<Finding[]>;
  /** Makes the network; nobody can be reached in it yet. */
  up(context: EngineContext): Promise<OverlayNetwork>;
}

/** What an engine is given by the lab. */
export interface EngineContext extends Workspace {
  readonly hosts: readonly LabHost[];
  /** IPv4 addresses for its members, used by no other engine of the lab. */
  readonly subnet: Subnet;
  /** Everything that changes the lab goes through here, so that it is undone whatever happens. */
  readonly step: Step;
  /** Says what a person would like to follow: a network was made, a member let in. */
  readonly tell: (line: string) => void;
  /** For engines that wait for something: aborted when the user wants to stop. Steps look at it by themselves. */
  readonly signal: AbortSignal | undefined;
  /** Undoes the engine's own steps in reverse; what `down` ends with. */
  undo(): Promise<void>;
}

export interface Subnet {
  /** `10.78.1.0/24` */
  readonly cidr: string;
  readonly prefixLength: number;
  addressOf(host: LabHost): string;
}

export interface OverlayNetwork {
  /** Makes a host a member. */
  join(host: LabHost): Promise<Membership>;
  /** The address under which other members reach a host that has joined. */
  address(host: LabHost): string;
  /** What packets from one member to another really take, read from the system. */
  path(from: LabHost, to: LabHost): Promise<PathFacts>;
  /** What the engine has used on a host since it joined. */
  cost(host: LabHost): Promise<Cost>;
  /** Leaves no trace of the engine on the lab. Idempotent. */
  down(): Promise<void>;
}

export interface Membership {
  readonly address: string;
  readonly interface: string;
  readonly mtuBytes: number;
}

/** A path as the system describes it. Unknown is null. */
export interface PathFacts {
  /** In words: `vxlan 42 over eth0, UDP 4789, MTU 1450`. */
  readonly description: string;
  readonly interface: string;
  readonly sourceAddress: string | null;
  readonly mtuBytes: number;
  /** `vxlan`, …; null where packets go as they are. */
  readonly encapsulation: string | null;
  readonly underlayInterface: string;
  readonly underlayMtuBytes: number;
  /** Of TCP connections over the path that do not choose one themselves. */
  readonly congestionControl: string | null;
}

/**
 * Cumulative counters of one host; the difference of two readings is the cost of what went on in between. The underlay
 * is shared by all engines of the lab, so load one at a time. Packets are counted as the link was given them: TCP under
 * segmentation offload counts a large frame once, small datagrams count truly.
 */
export interface Cost {
  /** CPU time of the engine's processes; null where the kernel does the work and nobody accounts for it. */
  readonly processCpuNs: number | null;
  readonly residentBytes: number | null;
  readonly overlayTxBytes: number | null;
  readonly overlayTxPackets: number | null;
  readonly underlayTxBytes: number | null;
  readonly underlayTxPackets: number | null;
}
