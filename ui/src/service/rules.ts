/** Reads rules with the revision of their network, and sends others, unless somebody else came first. */
import type { ClientV1 } from '../../../src/api/client-v1.ts';
import type { NetworkV1, RulesShownV1 } from '../../../src/api/schema/v1.ts';
import type { NetworkId } from '../../../src/base/ids.ts';
import { changedMeanwhile, refusalCode } from './refusal.ts';

/** Rules as they were read. */
export interface ReadRules {
  readonly rules: RulesShownV1;
  /** Of the network: not newer than the rules. */
  readonly revision: NetworkV1['revision'];
}

/** What came of sending. */
export type SentRules =
  | { readonly kind: 'saved'; readonly read: ReadRules }
  /** There are others by now: nothing was changed. */
  | { readonly kind: 'conflict'; readonly read: ReadRules };

type RulesClient = Pick<ClientV1, 'network' | 'rules' | 'setRules'>;

/** Reads them. */
export async function readRules(client: RulesClient, id: NetworkId): Promise<ReadRules> {
  const { revision } = await client.network(id);
  return { rules: await client.rules(id), revision };
}

/** Sends a source in place of what was read; settings that were changed meanwhile are not in its way. */
export async function sendRules(
  client: RulesClient,
  id: NetworkId,
  { base, source }: { readonly base: ReadRules; readonly source: string },
): Promise<SentRules> {
  const send = async (revision: NetworkV1['revision']): Promise<boolean> => {
    try {
      await client.setRules(id, source, revision);
      return true;
    } catch (error) {
      if (refusalCode(error) === changedMeanwhile) return false;
      throw error;
    }
  };
  if (await send(base.revision)) return { kind: 'saved', read: await readRules(client, id) };
  const latest = await readRules(client, id);
  const isFree = latest.rules.source === base.rules.source && (await send(latest.revision));
  return { kind: isFree ? 'saved' : 'conflict', read: await readRules(client, id) };
}
