/** The catalogue has no text that nobody reads. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const folder = import.meta.dirname;
const source = join(folder, '..');
const code = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.|^strings\//.test(path))
  .map((path) => readFileSync(join(source, path), 'utf8'))
  .join('\n');

const found = (pattern: RegExp): Set<string> =>
  new Set([...code.matchAll(pattern)].flatMap(([, ...names]) => names.join().match(/\w+/g) ?? []));
/** Names that are asked for: `words.name`, `{ name } = words`. */
const asked = found(/\.(\w+)|\{([^{}]*)\} = /g);
/** Tables that are asked by a name that comes from elsewhere: `words.table[name]`, `Object.keys(words.table)`. */
const tables = found(/\.(\w+)[[)]/g);

/** @param path - the names that lead to a text, from that of the part on */
function unused(texts: object, path: readonly string[]): string[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const to = [...path, name];
    if (typeof text === 'object' && text !== null) return unused(text as object, to);
    return asked.has(name) || path.slice(1).some((table) => tables.has(table))
      ? []
      : [to.join('.')];
  });
}

it('has no text that is not used', async () => {
  const files = readdirSync(folder).filter((file) => /^\w+\.ts$/.test(file));
  const all: string[] = [];
  for (const file of files.filter((each) => each !== 'counted.ts')) {
    const parts = (await import(join(folder, file))) as Record<string, object>;
    for (const [name, texts] of Object.entries(parts)) all.push(...unused(texts, [name]));
  }
  expect(all).toEqual([]);
});
