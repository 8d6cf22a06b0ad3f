/** How long invitations and tokens last, to choose from. */
import { access } from '../../strings/access.ts';

/** For a field to choose from. */
export const lastsOptions: readonly { readonly value: string; readonly label: string }[] =
  Object.entries(access.lasts).map(([value, label]) => ({ value, label }));

/** What was chosen, ms; null: without an end. */
export function lastsOf(value: string): number | null {
  return value === 'never' ? null : Number(value);
}
