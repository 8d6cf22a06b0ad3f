/** Sends a change of settings, unless somebody else came first. */
import type { ClientV1 } from '../../../../../src/api/client-v1.ts';
import type { NetworkV1 } from '../../../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../../../src/base/ids.ts';
import { changedMeanwhile, refusalCode } from '../../../service/refusal.ts';
import {
  changedNames,
  patchOf,
  type NetworkSettings,
  type SettingName,
} from './network-settings.ts';

/** What came of it. */
export type Sent =
  | { readonly kind: 'saved'; readonly network: NetworkV1 }
  /** Settings are otherwise than they were read: nothing was changed. */
  | { readonly kind: 'conflict'; readonly network: NetworkV1 };

/** A change. */
export interface SettingsToSend {
  /** As it was read. */
  readonly base: NetworkV1;
  readonly settings: NetworkSettings;
  /** Those that are to be set. */
  readonly names: readonly SettingName[];
}

/**
 * Sends it for the revision that was read. A revision counts more than settings (rules, too): where it is another one by now and
 * the settings are the same, nobody is in the way, and it is sent once more.
 */
export async function sendSettings(
  client: Pick<ClientV1, 'network' | 'changeNetwork'>,
  id: NetworkId,
  { base, settings, names }: SettingsToSend,
): Promise<Sent> {
  const patch = patchOf(settings, names);
  const send = async (revision: NetworkV1['revision']): Promise<NetworkV1 | null> => {
    try {
      return await client.changeNetwork(id, patch, revision);
    } catch (error) {
      if (refusalCode(error) === changedMeanwhile) return null;
      throw error;
    }
  };
  const saved = await send(base.revision);
  if (saved !== null) return { kind: 'saved', network: saved };
  const latest = await client.network(id);
  if (changedNames(base, latest).length > 0) return { kind: 'conflict', network: latest };
  const again = await send(latest.revision);
  return again === null
    ? { kind: 'conflict', network: await client.network(id) }
    : { kind: 'saved', network: again };
}
