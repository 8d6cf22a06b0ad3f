/**
 * Planets and moons of one's own: the first revision, and the next.
 *
 * Nodes take any first planet that they are given as a file; every later revision must have the same ID, a greater
 * timestamp and the signature of the key that the one before it names (vl1.md 5.2, 5.3, 6.4). Roots stand in the order
 * of their addresses, their endpoints in the order of their text, so that the same roots always give the same bytes.
 */
import { equalBytes } from '../base/bytes.ts';
import { formatAddress } from '../base/ids.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import { signatureLength } from '../crypto/signature.ts';
import type { Identity } from '../wire/identity.ts';
import { formatInetAddress, type IpEndpoint } from '../wire/inet-address.ts';
import {
  signWorld,
  worldEndpointsMax,
  worldRootsMax,
  type World,
  type WorldRoot,
} from '../wire/world.ts';
import { rootError } from './errors.ts';
import type { WorldKey } from './world-key.ts';

/** A host that is to be a root. */
export interface RootHost {
  readonly identity: Identity;
  /** Where other nodes reach it: at least one. */
  readonly endpoints: readonly IpEndpoint[];
}

/** What a world is made of. */
export interface WorldPlan {
  readonly kind: 'planet' | 'moon';
  /** Of a planet: any but 0. Of a moon: by convention {@link moonIdOf} of its first root. */
  readonly id: bigint;
  /** Wall clock, ms since 1970. */
  readonly wallMs: number;
  readonly roots: readonly RootHost[];
  /** Signs this revision, and must sign the next. */
  readonly key: WorldKey;
}

/** The ID that a moon with this root has by convention: its address. */
export function moonIdOf(root: RootHost): bigint {
  return BigInt(root.identity.address);
}

/**
 * Makes a world, signed by its own key.
 *
 * @throws WORLD_INVALID for no root or too many, one twice, one without an endpoint or with too many, a port of 0
 */
export function makeWorld(provider: CryptoProvider, plan: WorldPlan): World {
  return signWorld(provider, plan.key.secretKey, {
    kind: plan.kind,
    id: plan.id,
    timestamp: BigInt(plan.wallMs),
    updateKey: plan.key.publicKey,
    signature: new Uint8Array(signatureLength),
    roots: rootsOf(plan.roots),
    trailing: new Uint8Array(0),
  });
}

/** What may change from one revision to the next. */
export interface RevisionPlan {
  readonly wallMs: number;
  readonly roots: readonly RootHost[];
  /** The key that the current revision names. */
  readonly key: WorldKey;
  /** The key for the revision after this one; without it the same. */
  readonly nextKey?: WorldKey;
}

/**
 * Makes the revision that takes the place of another: newer by its clock, or by 1 ms where the clock stepped back.
 *
 * @throws WORLD_KEY_INVALID where the key is not the one that the current revision names; WORLD_INVALID
 */
export function reviseWorld(provider: CryptoProvider, current: World, plan: RevisionPlan): World {
  if (!equalBytes(current.updateKey, plan.key.publicKey))
    throw rootError(
      'WORLD_KEY_INVALID',
      'the key is not the one that must sign the next revision',
      {
        remedy: 'give the key that was made with this planet (its file ends in .key)',
      },
    );
  const wallMs = BigInt(plan.wallMs);
  return signWorld(provider, plan.key.secretKey, {
    ...current,
    timestamp: wallMs > current.timestamp ? wallMs : current.timestamp + 1n,
    updateKey: (plan.nextKey ?? plan.key).publicKey,
    roots: rootsOf(plan.roots),
  });
}

function rootsOf(hosts: readonly RootHost[]): WorldRoot[] {
  if (hosts.length === 0 || hosts.length > worldRootsMax)
    throw invalid(`a world has 1 to ${worldRootsMax} roots, not ${hosts.length}`);
  const sorted = hosts.toSorted((a, b) => a.identity.address - b.identity.address);
  for (const [index, { identity, endpoints }] of sorted.entries()) {
    const name = `root ${formatAddress(identity.address)}`;
    if (sorted[index + 1]?.identity.address === identity.address)
      throw invalid(`${name} is listed twice`);
    if (endpoints.length === 0 || endpoints.length > worldEndpointsMax)
      throw invalid(`${name} has ${endpoints.length} endpoints, not 1 to ${worldEndpointsMax}`);
    if (endpoints.some(({ port }) => port === 0))
      throw invalid(`${name} has an endpoint without a port`);
  }
  return sorted.map(({ identity, endpoints }) => ({ identity, endpoints: inOrder(endpoints) }));
}

function inOrder(endpoints: readonly IpEndpoint[]): IpEndpoint[] {
  const byText = new Map(endpoints.map((endpoint) => [formatInetAddress(endpoint), endpoint]));
  return [...byText.keys()].sort().flatMap((text) => byText.get(text) ?? []);
}

function invalid(message: string): Error {
  return rootError('WORLD_INVALID', message, {
    remedy: 'for example: overspan root init 192.0.2.1/9993 --out planet',
  });
}
