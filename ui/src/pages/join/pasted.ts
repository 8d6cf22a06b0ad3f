/** What somebody pastes who is to join: a number, an invitation, or a link with one, with whatever came along. */
import { parseJoinText } from '../../../../src/base/join-text.ts';

/** @returns the number or the invitation as a node takes it; null: there is none in it */
export function joinWord(pasted: string): string | null {
  const text = pasted.includes('#') ? pasted.slice(pasted.indexOf('#') + 1) : pasted;
  const bare = text.replace(/^\s*(?:sudo\s+)?(?:overspan|zerotier-cli)\s+join\s+/i, '');
  // Numbers are written in groups, and copied with quotation marks and invisible characters.
  const letters = bare.replace(/[^0-9a-zA-Z-]/g, '').toLowerCase();
  const digits = letters.replace(/-/g, '');
  const word = digits.length === 48 ? `${digits.slice(0, 16)}-${digits.slice(16)}` : digits;
  return parseJoinText(word) === null ? null : word;
}
