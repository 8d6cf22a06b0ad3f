/**
 * `npm run bench [name …] [-- options]`: runs the benches named, or all but those that take long. Each prints ratios of
 * what was measured in the same run.
 */
interface Bench {
  /** Its file. @param words - the options after the names */
  readonly load: () => Promise<{ run: (words: readonly string[]) => Promise<boolean> }>;
  /** Runs only when it is named. */
  readonly takesLong?: true;
}

const benches: Readonly<Record<string, Bench>> = {
  harness: { load: () => import('./harness.ts') },
  injected: { load: () => import('./injected.ts') },
  node: { load: () => import('./node.ts') },
  wire: { load: () => import('./wire.ts') },
  controller: { load: () => import('./controller.ts'), takesLong: true },
  flood: { load: () => import('./flood.ts'), takesLong: true },
  kills: { load: () => import('./kills.ts'), takesLong: true },
  memory: { load: () => import('./node-memory.ts'), takesLong: true },
  recovery: { load: () => import('./recovery.ts'), takesLong: true },
  ui: { load: () => import('./ui.ts'), takesLong: true },
  dataplane: { load: () => import('./dataplane.ts'), takesLong: true },
};

const words = process.argv.slice(2);
const firstOption = words.findIndex((word) => word.startsWith('-'));
const named = firstOption < 0 ? words : words.slice(0, firstOption);
const options = firstOption < 0 ? [] : words.slice(firstOption);
const usual = Object.keys(benches).filter((name) => benches[name]?.takesLong !== true);
for (const name of named.length > 0 ? named : usual) {
  const bench = benches[name];
  if (bench === undefined) {
    console.error(`no bench "${name}"; there are: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    break;
  }
  console.log(`\n# ${name}`);
  if (!(await (await bench.load()).run(options))) process.exitCode = 1;
}
