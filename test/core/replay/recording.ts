/** A recorded run of three real nodes, as a replay needs it: who they are, what each sent when, and what each was told. */
import type { Address } from '../../../src/base/ids.ts';
import type { Controller } from '../../../src/controller/controller.ts';
import type { Node } from '../../../src/core/node.ts';
import type { Now } from '../../../src/core/ports.ts';
import type { SecretIdentity } from '../../../src/wire/identity.ts';
import type { World } from '../../../src/wire/world.ts';

/** Two members and a root; in the capture it is the controller, too. */
export const names = ['A', 'B', 'R'] as const;
export type Name = (typeof names)[number];

/** One of the nodes. */
export interface RecordedNode {
  readonly identity: SecretIdentity;
  /** `ip/port` */
  readonly endpoint: string;
  readonly planet: World;
  readonly moons: readonly World[];
  /** When it was there, ms of the recording. */
  readonly startMs: number;
}

/** A datagram that a node sent. */
export interface RecordedDatagram {
  /** ms of the recording. */
  readonly t: number;
  readonly from: Name;
  readonly fromEndpoint: string;
  readonly toEndpoint: string;
  readonly bytes: Uint8Array;
}

/** Our node where a real one was. */
export interface Stand {
  readonly node: Node;
  /** Null: it is none. */
  readonly controller: Controller | null;
}

/** Something that a person, or the host behind it, had a node do. */
export interface Command {
  /** ms of the recording. */
  readonly t: number;
  readonly node: Name;
  readonly run: (stand: Stand, now: Now) => void;
}

/** See the head of this file. */
export interface Recording {
  /** The wall clock where the recording begins, ms. */
  readonly startMs: number;
  /** Where it ends, ms of the recording. */
  readonly endMs: number;
  readonly nodes: Readonly<Record<Name, RecordedNode>>;
  readonly datagrams: readonly RecordedDatagram[];
  readonly commands: readonly Command[];
  /** Which of them are controllers. */
  readonly controllers: readonly Name[];
}

/** The name of a node; null: it is none of them. */
export function nameOf(recording: Recording, address: Address): Name | null {
  const isIt = (name: Name): boolean => recording.nodes[name].identity.identity.address === address;
  return names.find(isIt) ?? null;
}
