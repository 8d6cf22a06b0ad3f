/** What somebody hands on so that others join a network: its 16 digits, or an invitation, which has 32 digits behind a dash. */
import { parseNetworkId, type NetworkId } from './ids.ts';

/** Reads it, whichever it is; null for anything else. `token`: of the invitation, which lets in whoever shows it. */
export function parseJoinText(
  text: string,
): { readonly id: NetworkId; readonly token: string | null } | null {
  const [, digits = '', token] = /^([0-9a-f]{16})(?:-([0-9a-f]{32}))?$/i.exec(text.trim()) ?? [];
  const id = parseNetworkId(digits);
  return id === null ? null : { id, token: token?.toLowerCase() ?? null };
}
