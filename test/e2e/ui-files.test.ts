/** The files of the page, as the build left them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const built = join(root, 'dist/ui');
const assets = (ending: string): string =>
  readdirSync(join(built, 'assets'))
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(built, 'assets', name), 'utf8'))
    .join('\n');
const classesIn = (text: string): Set<string> => new Set(text.match(/\bm_[0-9a-f]{6,8}\b/g));

it('have the styles of every component that is used: ui/src/library.css', () => {
  const library = join(root, 'node_modules/@mantine/core/styles');
  const [used, styled] = [classesIn(assets('.js')), classesIn(assets('.css'))];
  const missing = readdirSync(library)
    .filter((name) => name.endsWith('.css') && !name.endsWith('.layer.css'))
    .filter((name) =>
      [...classesIn(readFileSync(join(library, name), 'utf8'))].some(
        (each) => used.has(each) && !styled.has(each),
      ),
    );
  expect(used.size).toBeGreaterThan(50);
  expect(missing).toEqual([]);
});

it('hold no script and no style inside a page, and nothing from elsewhere', () => {
  for (const name of ['index.html', 'join.html']) {
    const page = readFileSync(join(built, name), 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/i);
    const places = [...page.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, place]) => place!);
    expect(places.length).toBeGreaterThan(2);
    expect(places.filter((place) => !place.startsWith('/assets/'))).toEqual([]);
  }
});
