// Puts the compiled command line into few files: dist/bin/overspan.js, and beside it what single commands load. Node.js takes
// about a millisecond for each file of a program, and a node is 300 of them (docs/adr/0011-the-command-line-is-bundled.md).
import { copyFile, readFile, rm } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';

import { build } from 'esbuild';

const root = dirname(import.meta.dirname);
const dist = join(root, 'dist');
const out = join(dist, 'bin');

/** Packages that go into the bundle, for what they are of files; their licences go beside it. */
const bundled = ['zod'];
const { dependencies } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

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

/** zod's messages in 64 languages: all are told of, and none but English is used. */
const noLocales = {
  name: 'no-locales',
  setup: ({ onLoad }) => {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, () => ({
      contents: 'export {};',
    }));
  },
};

// Names are made of contents: what an older build left would stay.
await rm(out, { recursive: true, force: true });
await build({
  entryPoints: { overspan: join(dist, 'cli/main.js') },
  outdir: out,
  bundle: true,
  splitting: true,
  // Other packages stay where they are installed.
  external: Object.keys(dependencies).filter((name) => !bundled.includes(name)),
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  plugins: [noLocales, ownUrls],
  logLevel: 'warning',
});
for (const name of bundled)
  await copyFile(join(root, 'node_modules', name, 'LICENSE'), join(out, `${name}.LICENSE.txt`));
