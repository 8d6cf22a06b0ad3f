/** What a member is called on the page: its name as text, whatever is in it, or its ID. */
import type { MemberV1 } from '../../../../src/api/schema/v1.ts';
import { escapeText } from '../../../../src/base/escape.ts';

type Named = Pick<MemberV1, 'name' | 'address'>;

/** The most that a name has. */
export const nameMax = 127;

/** Characters that would move or turn what is around them are shown by their numbers. */
export function memberName({ name, address }: Named): string {
  return name === '' ? address : escapeText(name, nameMax);
}

/** Several of them, the first few by name. @param more - the words for the rest, by how many */
export function memberNames(members: readonly Named[], more: (count: number) => string): string {
  const named = members.slice(0, 3).map(memberName).join(', ');
  return members.length > 3 ? `${named} ${more(members.length - 3)}` : named;
}

/** Whether a text may be a name: Latin-1, for official members, without what is no letter. */
export function isName(text: string): boolean {
  return text.length <= nameMax && /^[\x20-\x7e\xa0-\xff]*$/.test(text);
}
