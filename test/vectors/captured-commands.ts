/** What the nodes of the capture were told to do: `captures/commands.json`, and its settings in the terms of our controller. */
import type { MemberSettings } from '../../src/controller/member-record.ts';
import type { NetworkSettings } from '../../src/controller/network-record.ts';
import { rulesFromJson } from '../../src/rules/json.ts';
import { loadVectors } from './load.ts';

/** A command that a node was given. */
export interface CapturedCommand {
  /** When it had answered, seconds since the Unix epoch. */
  readonly t: number;
  readonly node: 'A' | 'B' | 'R';
  /** Which record of the driver that made the capture this is. */
  readonly source: string;
  /** A request of the management API, or words of the command line. */
  readonly command: string;
  readonly body?: Record<string, unknown>;
}

/** All of them, in order. */
export function capturedCommands(): readonly CapturedCommand[] {
  return loadVectors<CapturedCommand[]>('captures/commands.json');
}

/** The body of a request that changes a network (management.md 2.1). */
interface NetworkBody {
  readonly name?: string;
  readonly private?: boolean;
  readonly enableBroadcast?: boolean;
  readonly mtu?: number;
  readonly multicastLimit?: number;
  readonly v4AssignMode?: { readonly zt: boolean };
  readonly v6AssignMode?: {
    readonly zt: boolean;
    readonly rfc4193: boolean;
    readonly '6plane': boolean;
  };
  readonly routes?: readonly { readonly target: string; readonly via?: string }[];
  readonly ipAssignmentPools?: readonly {
    readonly ipRangeStart: string;
    readonly ipRangeEnd: string;
  }[];
  readonly dns?: NetworkSettings['dns'];
  readonly rules?: readonly object[];
  readonly tags?: NetworkSettings['tags'];
  readonly capabilities?: readonly {
    readonly id: number;
    readonly default: boolean;
    readonly rules: readonly object[];
  }[];
  readonly authTokens?: Readonly<Record<string, number>>;
}

/** What a request that changes a network sets. */
export function networkSettings(body: object): Partial<NetworkSettings> {
  const json: NetworkBody = body;
  return given<NetworkSettings>({
    name: json.name,
    isPrivate: json.private,
    hasBroadcast: json.enableBroadcast,
    mtu: json.mtu,
    multicastLimit: json.multicastLimit,
    assignsIpv4: json.v4AssignMode?.zt,
    assignsIpv6: json.v6AssignMode?.zt,
    assignsRfc4193: json.v6AssignMode?.rfc4193,
    assigns6plane: json.v6AssignMode?.['6plane'],
    routes: json.routes?.map(({ target, via }) => ({ target, via: via ?? null })),
    pools: json.ipAssignmentPools?.map((pool) => ({
      first: pool.ipRangeStart,
      last: pool.ipRangeEnd,
    })),
    dns: json.dns,
    rules: json.rules && rulesFromJson(json.rules).rules,
    tags: json.tags,
    capabilities: json.capabilities?.map(({ id, default: isDefault, rules }) => ({
      id,
      isDefault,
      rules: rulesFromJson(rules).rules,
    })),
    joinTokens:
      json.authTokens &&
      Object.entries(json.authTokens).map(([token, expiresAtMs]) => ({ token, expiresAtMs })),
  });
}

/** What a request that changes a member sets, but for whether it is authorised. */
export function memberSettings(body: object): Partial<MemberSettings> {
  const json: {
    readonly name?: string;
    readonly activeBridge?: boolean;
    readonly tags?: readonly (readonly [number, number])[];
    readonly capabilities?: readonly number[];
    readonly ipAssignments?: readonly string[];
  } = body;
  return given<MemberSettings>({
    name: json.name,
    isActiveBridge: json.activeBridge,
    tags: json.tags?.map(([id, value]) => ({ id, value })),
    capabilities: json.capabilities,
    ipAssignments: json.ipAssignments,
  });
}

function given<T>(values: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}
