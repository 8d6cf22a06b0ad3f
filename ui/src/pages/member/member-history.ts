/** What a line of the audit log says was set of a member. */

/** What was set, in words: `name, isAuthorized`; empty: the action says it all. */
export function changedKeys(change: unknown): string {
  if (typeof change !== 'object' || change === null) return '';
  return Object.entries(change)
    .filter(([, value]) => !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => (isShort(value) ? `${key}: ${JSON.stringify(value)}` : key))
    .join(', ');
}

function isShort(value: unknown): boolean {
  return ['string', 'number', 'boolean'].includes(typeof value) && String(value).length <= 60;
}
