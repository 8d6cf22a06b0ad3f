/** What a node is made of, out of its home: planet, identity, and whom it knew. */
import { errorMessage } from '../base/errors.ts';
import { defaultLimits } from '../core/constants.ts';
import type { CryptoProvider } from '../crypto/provider.ts';
import type { IdentityThread } from '../io/identity/index.ts';
import { encode } from '../wire/codec.ts';
import { defaultPlanet } from '../wire/default-planet.ts';
import type { SecretIdentity } from '../wire/identity.ts';
import type { PeerRecord } from '../wire/peer-record.ts';
import { shouldReplace, world, type World } from '../wire/world.ts';
import { daemonError } from './errors.ts';
import { readPlanet, type Home } from './home.ts';
import type { Log } from './log.ts';

/** Which planet a node is on. */
export interface PlanetChoice {
  /** A file with the planet. Default: the one of the home, else {@link fallbackPlanet}. */
  readonly planetFile?: string | undefined;
  /** Where there is no other planet; null: then it is an error. Default: the public one, whose roots are on the internet. */
  readonly fallbackPlanet?: World | null;
}

/**
 * The planet to begin with. One that was given becomes that of the home, so that the node is not on another one when it
 * is started without it the next time; where the home has a later revision of the same, that one counts.
 */
export async function choosePlanet(
  home: Home,
  provider: CryptoProvider,
  options: PlanetChoice,
): Promise<World> {
  const { planetFile } = options;
  const given = planetFile === undefined ? null : await readPlanet(planetFile);
  // A planet that is given mends a home whose own cannot be read.
  const own = await home.planet().catch((error: unknown) => {
    if (given === null) throw error;
    return null;
  });
  if (given !== null) {
    const isNewer = own !== null && shouldReplace(provider, given, own);
    if (isNewer) return own;
    await home.persist('planet', encode(world, given));
    return given;
  }
  if (own !== null) return own;
  const { fallbackPlanet } = options;
  if (fallbackPlanet !== undefined && fallbackPlanet !== null) return fallbackPlanet;
  if (fallbackPlanet === undefined) return defaultPlanet();
  throw daemonError('PLANET_INVALID', 'there is no planet', {
    remedy: 'give one: --planet FILE',
  });
}

/** The identity of the home, made where there is none. @throws HOME_…, the reason of the signal */
export async function ownIdentity(
  home: Home,
  provider: CryptoProvider,
  thread: IdentityThread,
  { log, signal }: { readonly log: Log; readonly signal?: AbortSignal | undefined },
): Promise<SecretIdentity> {
  const kept = await home.identity(provider);
  if (kept !== null) {
    await home.keepPublicIdentity(kept);
    return kept;
  }
  log.info('making an identity', { home: home.directory });
  const made = await thread.generate({ signal });
  await home.keepIdentity(made);
  return made;
}

/** The nodes that an earlier run has met. What cannot be read is passed over: they can be asked for again. */
export async function rememberedPeers(
  home: Home,
  log: Log,
  nowMs: number,
): Promise<readonly PeerRecord[]> {
  try {
    const { records, passedOver } = await home.peers(nowMs, defaultLimits.rememberedMax);
    const [first = ''] = passedOver;
    if (passedOver.length > 0)
      log.warn('files in peers.d were passed over', { count: passedOver.length, first });
    return records;
  } catch (error) {
    log.warn('peers.d was not read', { error: errorMessage(error) });
    return [];
  }
}

/** Removes what is too old to be remembered. @param nowMs - by the wall clock */
export async function forgetOldPeers(home: Home, log: Log, nowMs: number): Promise<void> {
  try {
    const count = await home.forgetOldPeers(nowMs, defaultLimits.rememberedMax);
    if (count > 0) log.info('peers were forgotten that were not met for 30 days', { count });
  } catch (error) {
    log.warn('old files in peers.d were not removed', { error: errorMessage(error) });
  }
}
