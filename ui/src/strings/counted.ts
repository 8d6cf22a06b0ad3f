/** A number and what it counts. */

/** `1 member`, `2 members`. */
export function counted(count: number, one: string, more = `${one}s`): string {
  return `${count} ${count === 1 ? one : more}`;
}

/** `1 member keeps`, `2 members keep`. @param more - of several; without it that of one without its s */
export function countedWho(count: number, one: string, more = one.replace(/s$/, '')): string {
  return `${counted(count, 'member')} ${count === 1 ? one : more}`;
}
