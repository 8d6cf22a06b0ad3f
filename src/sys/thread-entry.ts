/** What a thread of this program runs, compiled or from the sources. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Worker } from 'node:worker_threads';

/**
 * The arguments of `new Worker` for a file beside the caller. Compiled, it is JavaScript. Run from the sources (development,
 * tests), it is TypeScript, and neither the loader nor the bundler that brought the caller here reaches into a worker: esbuild,
 * which is no dependency of what ships, puts it into one file. (A loader in each worker takes five times as long.)
 *
 * @param here - `import.meta.url` of the caller
 * @param name - of the file, without its ending: `thread`
 */
export function threadEntry(here: string, name: string): ConstructorParameters<typeof Worker> {
  if (!here.endsWith('.ts')) return [new URL(`./${name}.js`, here), { execArgv: [] }];
  const source = fileURLToPath(new URL(`./${name}.ts`, here));
  const file = bundles.get(source) ?? bundle(source);
  bundles.set(source, file);
  return [pathToFileURL(file), { execArgv: [] }];
}

/** By source, as it was when this process first started a thread of it. */
const bundles = new Map<string, string>();

function bundle(source: string): string {
  const require = createRequire(import.meta.url);
  const options = ['--packages=external', '--format=esm', '--platform=node', '--target=node20'];
  const text = execFileSync(require.resolve('esbuild/bin/esbuild'), [
    ...[source, '--bundle', '--log-level=error', ...options],
  ]);
  // Where packages are found from, and where other tools have their caches.
  const directory = join(require.resolve('esbuild/package.json'), '../../.cache/overspan-threads');
  const file = join(directory, `${createHash('sha256').update(text).digest('hex')}.mjs`);
  if (existsSync(file)) return file;
  mkdirSync(directory, { recursive: true });
  // Other processes do the same at the same time.
  const own = `${file}.${process.pid}`;
  writeFileSync(own, text);
  renameSync(own, file);
  return file;
}
