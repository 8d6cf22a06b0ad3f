/**
 * `npm run bench [name …] [-- options of the one bench named]`: runs the benches named, or all that take minutes at most.
 * Each prints what was measured against each other in the same run.
 */
type Run = (words: readonly string[]) => Promise<boolean>;

const benches: Readonly<Record<string, () => Promise<{ run: Run }>>> = {
  harness: () => import('./harness.ts'),
  injected: () => import('./injected.ts'),
  node: () => import('./node.ts'),
  wire: () => import('./wire.ts'),
  recovery: () => import('./recovery.ts'),
};
/** They take more than an hour: only where they are named. */
const isLong: ReadonlySet<string> = new Set(['recovery']);

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const asked = words.slice(0, firstOption === -1 ? words.length : firstOption);
const options = words.slice(asked.length);
const names = asked.length > 0 ? asked : Object.keys(benches).filter((name) => !isLong.has(name));
for (const name of names) {
  const load = benches[name];
  if (load === undefined) {
    console.error(`no bench "${name}"; there are: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    break;
  }
  console.log(`\n# ${name}`);
  if (!(await (await load()).run(options))) process.exitCode = 1;
}
