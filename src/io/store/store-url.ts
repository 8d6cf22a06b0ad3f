/** What names a database: a path, or a URL of PostgreSQL. */

/** Whether it names a database of PostgreSQL. */
export function isPostgres(url: string): boolean {
  return /^postgres(ql)?:\/\//.test(url);
}

/** Whether it names a file. */
export function isFile(url: string): boolean {
  return !url.includes('://');
}

/** The same for people: without the password. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/[^:/@]*):[^@]*@/, '$1:…@');
}
