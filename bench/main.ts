/** `npm run bench [name …]`: runs the benches named, or all. Each prints ratios of what was measured in the same run. */
const benches: Readonly<Record<string, () => Promise<{ run: () => Promise<boolean> }>>> = {
  harness: () => import('./harness.ts'),
  injected: () => import('./injected.ts'),
  node: () => import('./node.ts'),
  wire: () => import('./wire.ts'),
};

const names = process.argv.slice(2).length > 0 ? process.argv.slice(2) : Object.keys(benches);
for (const name of names) {
  const load = benches[name];
  if (load === undefined) {
    console.error(`no bench "${name}"; there are: ${Object.keys(benches).join(', ')}`);
    process.exitCode = 2;
    break;
  }
  console.log(`\n# ${name}`);
  if (!(await (await load()).run())) process.exitCode = 1;
}
