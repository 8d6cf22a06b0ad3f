// `npm run interop [who …]`: Overspan in the places of official nodes, beside official nodes. A place is R (root and
// controller), A or B (members); default: each alone, both members, and all three. Needs root and a zerotier-one of 1.14,
// from ZEROTIER_ONE or the PATH. Everything happens in network namespaces without a way out.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const here = import.meta.dirname;
const cli = join(here, '../../dist/cli/main.js');
const official =
  process.env.ZEROTIER_ONE ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'zerotier-one'))
    .find((file) => existsSync(file));
if (official === undefined || !existsSync(official)) {
  console.error('no zerotier-one: put one of version 1.14 on the PATH, or name it in ZEROTIER_ONE');
  process.exit(2);
}

const work = mkdtempSync(join(tmpdir(), 'overspan-interop-'));
// The official binary is started with `-U -pPORT HOME`; this takes its place.
const member = join(work, 'member');
const start = `exec "${process.execPath}" "${cli}" up --home "$3" --port "\${2#-p}"`;
writeFileSync(member, `#!/bin/sh\n${start}\n`, { mode: 0o755 });
const root = join(work, 'root');
writeFileSync(root, `#!/bin/sh\n${start} --controller\n`, { mode: 0o755 });

const places =
  process.argv.slice(2).length > 0 ? process.argv.slice(2) : ['', 'A', 'B', 'R', 'AB', 'ABR'];
let failures = 0;
for (const place of places) {
  const environment = {
    ...process.env,
    ZEROTIER_ONE: official,
    LAB_PREFIX: `osi${process.pid % 10000}`,
  };
  environment.LAB_DIR = join(work, `lab-${place}`);
  for (const name of place) environment[`ZEROTIER_ONE_${name}`] = name === 'R' ? root : member;
  console.log(
    `\n# ${place === '' ? 'official nodes only' : `Overspan as ${[...place].join(', ')}`}`,
  );
  const { status, stdout, stderr } = spawnSync(
    'bash',
    [join(here, 'zt-lab.sh'), 'run', 'bash', join(here, 'traffic.sh')],
    { env: environment, encoding: 'utf8', timeout: 240_000 },
  );
  process.stdout.write(stdout);
  const failed = (stdout.match(/^FAIL/gm) ?? []).length;
  if (status !== 0 || !stdout.includes('ok')) {
    failures++;
    console.log(`FAIL  the lab did not come up:\n${stderr}`);
  }
  failures += failed;
}
rmSync(work, { recursive: true, force: true });
console.log(`\n${places.length} labs, ${failures} failures`);
process.exitCode = failures === 0 ? 0 : 1;
