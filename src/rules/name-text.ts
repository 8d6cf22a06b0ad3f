/** What names of tags, capabilities, macros and values look like. */

/** Whether something can be called so. */
export function isName(text: string): boolean {
  return /^[A-Za-z_][\w.-]{0,63}$/.test(text);
}
