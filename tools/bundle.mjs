// Puts the compiled command line into few files: dist/bin/overspan.js, and beside it what single commands load. Node.js takes
// about a millisecond for each file of a program, and a node is 300 of them (docs/adr/0011-the-command-line-is-bundled.md).
import { readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

import { build } from 'esbuild';

const dist = join(dirname(import.meta.dirname), 'dist');
const out = join(dist, 'bin');

/** A file that looks for others beside itself (a worker, the version) is told where it was. */
const ownUrls = {
  name: 'own-urls',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const place = JSON.stringify(relative(out, path).split(sep).join('/'));
      const text = await readFile(path, 'utf8');
      const own = `new URL(${place}, import.meta.url).href`;
      return { contents: text.replaceAll('import.meta.url', own), loader: 'js' };
    });
  },
};

// Names are made of contents: what an older build left would stay.
await rm(out, { recursive: true, force: true });
await build({
  entryPoints: { overspan: join(dist, 'cli/main.js') },
  outdir: out,
  bundle: true,
  splitting: true,
  // Packages stay where they are installed.
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  plugins: [ownUrls],
  logLevel: 'warning',
});
