#!/usr/bin/env node
// Runs a task of this repository on a clean clone: checks Node, installs what the lock file says, then hands over to
// tools/tasks.mjs. No dependencies: it runs before there are any. `start` and `test` come through here by themselves
// rather than by npm's pre-scripts, which npm skips silently when ignore-scripts is set.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`NODE_TOO_OLD: Overspan needs Node.js 20.19 or newer; this is ${process.version}`);
  console.error(
    'remedy: install a current Node.js, for example with your distribution or from nodejs.org',
  );
  process.exit(1);
}

const stampFile = join(root, 'node_modules', '.overspan-installed');
// The platform is part of the stamp: a tree installed for another one lacks that one's optional packages.
const wanted = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .update(`${process.platform} ${process.arch}`)
  .digest('hex');
let installed;
try {
  installed = readFileSync(stampFile, 'utf8');
} catch {
  installed = undefined;
}
if (installed !== wanted) {
  console.error('installing dependencies (npm ci, first time or lock file changed) …');
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  // Nothing we use needs an install script; not running them is the safer default.
  const result = spawnSync(
    npm,
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2], // npm's own lines go to standard error: `npm start` may be piped
    },
  );
  if (result.status !== 0) {
    console.error('INSTALL_FAILED: npm ci did not finish');
    console.error(
      'remedy: check that the npm registry can be reached, then run the same command again',
    );
    process.exit(1);
  }
  writeFileSync(stampFile, wanted);
}

const { runTask } = await import('./tasks.mjs');
process.exitCode = await runTask(process.argv[2] ?? 'build', process.argv.slice(3));
