/** The networks that a controller owns, and their members. Source: management.md 2.1, 2.2. */
import { z } from 'zod';

/** What clients rely on. */
export const ownedNetworkSchema = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{16}$/),
  name: z.string(),
  private: z.boolean(),
  revision: z.number(),
  routes: z.array(z.looseObject({ target: z.string(), via: z.string().nullable() })),
});

/** The object. */
export type OwnedNetworkJson = z.infer<typeof ownedNetworkSchema>;

/** What clients rely on. */
export const memberSchema = z.looseObject({
  id: z.string().regex(/^[0-9a-f]{10}$/),
  authorized: z.boolean(),
  ipAssignments: z.array(z.string()),
  revision: z.number(),
});

/** The object. */
export type MemberJson = z.infer<typeof memberSchema>;

/** What may be set of a network; what is not there stays. */
export interface NetworkChange {
  readonly name?: string;
  /** Ours alone. */
  readonly description?: string;
  readonly private?: boolean;
  readonly enableBroadcast?: boolean;
  readonly mtu?: number;
  readonly multicastLimit?: number;
  /** 10 hexadecimal digits. */
  readonly remoteTraceTarget?: string | null;
  readonly remoteTraceLevel?: number;
  readonly v4AssignMode?: { readonly zt: boolean } | undefined;
  /** What it does not name is off. */
  readonly v6AssignMode?:
    { readonly '6plane'?: boolean; readonly rfc4193?: boolean; readonly zt?: boolean } | undefined;
  readonly routes?: readonly { readonly target: string; readonly via?: string | null }[];
  readonly ipAssignmentPools?: readonly {
    readonly ipRangeStart: string;
    readonly ipRangeEnd: string;
  }[];
  /** Each an object of management.md 2.3. */
  readonly rules?: readonly unknown[];
  /** Words that let who brings one join, and until when, ms; 0: for ever. */
  readonly authTokens?: Readonly<Record<string, number>>;
  readonly capabilities?: readonly {
    readonly id: number;
    readonly default: boolean;
    readonly rules: readonly unknown[];
  }[];
  readonly tags?: readonly { readonly id: number; readonly default: number | null }[];
  readonly dns?: { readonly domain: string; readonly servers: readonly string[] } | undefined;
}

/** What may be set of a member; what is not there stays. */
export interface MemberChange {
  readonly authorized?: boolean;
  readonly activeBridge?: boolean;
  readonly noAutoAssignIps?: boolean;
  readonly name?: string;
  /** Ours alone. */
  readonly description?: string;
  readonly ipAssignments?: readonly string[];
  /** Each an id and its value. */
  readonly tags?: readonly (readonly [number, number])[];
  readonly capabilities?: readonly number[];
  readonly authenticationExpiryTime?: number;
  /** 10 hexadecimal digits. */
  readonly remoteTraceTarget?: string | null;
  readonly remoteTraceLevel?: number;
}
