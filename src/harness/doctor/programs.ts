/** The programs that Overspan runs, and the Node that runs Overspan. */
import { escapeText } from '../../base/escape.ts';
import { missing, ok, warning, type Finding } from './finding.ts';
import type { HostTools } from './host-tools.ts';

/** The oldest line of Node that is still maintained (nodejs/Release, schedule.json: 20 ended in April 2026). */
const maintainedMajor = 22;

/** @param version - of Node, like `20.20.2` */
export function nodeFinding(version: string): Finding {
  const major = Number(version.split('.')[0]);
  return major >= maintainedMajor
    ? ok('node', `Node ${version}`)
    : warning(
        'node',
        `Node ${version} works, but is past its end of life: no more security fixes`,
        `install Node ${maintainedMajor} or later: https://nodejs.org/en/download`,
      );
}

const programs = [
  {
    id: 'ip',
    argv: ['ip', '-V'],
    debianPackage: 'iproute2',
    isNeeded: true,
    without: 'no lab can be made',
  },
  {
    id: 'unshare',
    argv: ['unshare', '--version'],
    debianPackage: 'util-linux',
    isNeeded: true,
    without: 'no lab can be made',
  },
  {
    id: 'nsenter',
    argv: ['nsenter', '--version'],
    debianPackage: 'util-linux',
    isNeeded: false,
    without: 'labs need root',
  },
  {
    id: 'ethtool',
    argv: ['ethtool', '--version'],
    debianPackage: 'ethtool',
    isNeeded: false,
    without: 'offloads are not recorded',
  },
  {
    id: 'openssl',
    argv: ['openssl', 'version'],
    debianPackage: 'openssl',
    isNeeded: false,
    without: 'nothing is lost but the means to check certificates by hand',
  },
] as const;

/** Whether each program is there, by running it. */
export async function programFindings(tools: HostTools): Promise<Finding[]> {
  return Promise.all(
    programs.map(async ({ id, argv, debianPackage, isNeeded, without }) => {
      const line = await tools.firstLine(argv);
      if (line !== null) return ok(id, escapeText(line, 80));
      const message = `${id} is not installed: ${without}`;
      const remedy = `sudo apt-get install ${debianPackage}`;
      return isNeeded ? missing(id, message, remedy) : warning(id, message, remedy);
    }),
  );
}
