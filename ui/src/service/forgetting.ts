/**
 * What the page holds outside of what it shows is forgotten when nobody is signed in any more: the next who signs in may be
 * somebody else, and some of it is secret.
 */
const all: (() => void)[] = [];

/** Something that is held says how it is forgotten. */
export function onForgetting(forget: () => void): void {
  all.push(forget);
}

/** All of it is. */
export function forgetAll(): void {
  for (const forget of all) forget();
}
