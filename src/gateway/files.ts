/**
 * The files of the page, as the build left them. All but the first have names made of their contents, so that a browser keeps them
 * for good; the first one is made anew for each answer, with the number that lets its own styles through the policy.
 */
import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { gatewayError } from './errors.ts';

/** Where the build puts them. */
export const builtFiles = fileURLToPath(new URL('../ui', import.meta.url));

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** A file that is ready to be sent. */
export interface PageFile {
  readonly type: string;
  readonly bytes: Uint8Array;
  /** The same, compressed; null: it is no smaller. */
  readonly gzip: Uint8Array | null;
}

/** The files of the page. */
export interface PageFiles {
  /** A page by its name, with `{{nonce}}` in it. */
  readonly page: (name: string) => string | null;
  /** By its path below `/assets`. */
  readonly asset: (name: string) => PageFile | null;
}

/** Reads all of them. @throws UI_NOT_BUILT */
export async function readPageFiles(directory = builtFiles): Promise<PageFiles> {
  const pages = new Map<string, string>();
  const assets = new Map<string, PageFile>();
  try {
    for (const name of await readdir(directory))
      if (extname(name) === '.html') pages.set(name, await readFile(join(directory, name), 'utf8'));
    for (const name of await readdir(join(directory, 'assets'))) {
      const type = types[extname(name)];
      if (type === undefined) continue;
      const bytes = await readFile(join(directory, 'assets', name));
      const gzip = gzipSync(bytes, { level: 9 });
      assets.set(name, { type, bytes, gzip: gzip.length < bytes.length ? gzip : null });
    }
  } catch (cause) {
    throw gatewayError('UI_NOT_BUILT', `the files of the page are not in ${directory}`, {
      remedy: 'in a clone: npm run build; else install the package again',
      cause,
    });
  }
  return {
    page: (name) => pages.get(name) ?? null,
    asset: (name) => assets.get(name) ?? null,
  };
}
