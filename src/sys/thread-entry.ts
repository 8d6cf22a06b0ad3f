/** What a thread of this program runs, compiled or from the sources. */
import type { Worker } from 'node:worker_threads';

/**
 * The arguments of `new Worker` for a file beside the caller. Compiled, it is JavaScript. Run from the sources (development,
 * tests), it is TypeScript, and neither the loader nor the bundler that brought the caller here reaches into a worker: it
 * starts with a line that registers tsx, which is no dependency of what ships.
 *
 * @param here - `import.meta.url` of the caller
 * @param name - of the file, without its ending: `thread`
 */
export function threadEntry(here: string, name: string): ConstructorParameters<typeof Worker> {
  if (!here.endsWith('.ts')) return [new URL(`./${name}.js`, here), { execArgv: [] }];
  const tsx = import.meta.resolve('tsx/esm/api');
  const thread = new URL(`./${name}.ts`, here).href;
  const source = `import { register } from '${tsx}'; register(); await import('${thread}');`;
  return [new URL(`data:text/javascript,${encodeURIComponent(source)}`), { execArgv: [] }];
}
