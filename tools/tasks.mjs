// What each `npm run` task does. Reached through bootstrap.mjs, so the dependencies are there.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs one tool with this very Node (so that a matrix run tests what it says); resolves to its exit code. */
function node(script, ...args) {
  const child = spawn(process.execPath, [join(root, script), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Runs steps until one fails. */
async function steps(...list) {
  for (const step of list) {
    const code = await step();
    if (code !== 0) return code;
  }
  return 0;
}

/** Runs steps at the same time, all of them to their ends; the first code that is none of success. */
async function together(...list) {
  const codes = await Promise.all(list.map((step) => step()));
  return codes.find((code) => code !== 0) ?? 0;
}

const tsc = (...args) => node('node_modules/typescript/bin/tsc', ...args);
const vitest = (...args) => node('node_modules/vitest/vitest.mjs', 'run', ...args);
const tsx = (...args) => node('node_modules/tsx/dist/cli.mjs', ...args);
/** The web UI: `dist/ui`. */
const page = () => node('node_modules/vite/bin/vite.js', 'build', 'ui', '--logLevel', 'warn');
const bundle = () => node('tools/bundle.mjs');
const build = () => steps(() => tsc('-b', 'tsconfig.host.json'), bundle, page);
const eslint = () =>
  node(
    'node_modules/eslint/bin/eslint.js',
    '--cache',
    '--cache-location',
    'node_modules/.cache/eslint',
    '.',
  );
const prettier = () =>
  node('node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.');
const layering = () => node('tools/layering.mjs');
/** What needs no run of the code, and what else is to be made: beside the linter, which takes longer than all of it. */
const gate = (...more) =>
  together(eslint, () => steps(() => tsc('-b'), prettier, layering, ...more));

const tasks = {
  build,
  check: (args) =>
    steps(gate, () =>
      vitest('--project', 'unit', '--project', 'simulation', '--project', 'scenario', ...args),
    ),
  test: (args) =>
    steps(
      () => gate(bundle, page),
      () => vitest(...args),
    ),
  start: (args) =>
    steps(build, () =>
      node('dist/bin/overspan.js', 'characterize', '--engine', 'direct,overspan?,vxlan', ...args),
    ),
  bench: (args) => steps(build, () => tsx('bench/main.ts', ...args)),
  fuzz: (args) => tsx('tools/fuzz.ts', ...args),
  sim: (args) => tsx('sim/main.ts', ...args),
  screenshots: (args) => steps(build, () => tsx('test/screenshots/main.ts', ...args)),
  interop: (args) => steps(build, () => tsx('test/interop/main.ts', ...args)),
  docs: () =>
    steps(
      () => tsx('tools/error-docs.ts'),
      () => tsx('tools/cli-docs.ts'),
      () => tsx('tools/protocol-docs.ts'),
    ),
};

/** @returns {Promise<number>} the exit code */
export async function runTask(name, args) {
  const task = tasks[name];
  if (!task) {
    console.error(`unknown task: ${name}; known: ${Object.keys(tasks).join(', ')}`);
    return 2;
  }
  return task(args);
}
