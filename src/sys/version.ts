/** The version of this package, from the file that npm reads it from too. */
import { readFileSync } from 'node:fs';

/** For example `0.1.0`. */
export function overspanVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
