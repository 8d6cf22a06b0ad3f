/** What engines with daemons need of the machine, as the doctor says it. */
import { escapeText } from '../../base/escape.ts';
import { ok, warning, type Finding } from '../doctor/finding.ts';
import type { HostTools } from '../doctor/host-tools.ts';

/** Whether a device of this kind can be made where labs are. */
export async function deviceFinding(
  tools: HostTools,
  engine: string,
  mode: 'tap' | 'tun',
): Promise<Finding> {
  const id = `engine-${engine}-device`;
  const failure = await tools.tryInNamespace(
    `ip tuntap add name ovs-doctor mode ${mode}`.split(' '),
  );
  return failure === null
    ? ok(id, `the kernel makes ${mode.toUpperCase()} devices`)
    : warning(
        id,
        `no ${mode.toUpperCase()} device: ${failure}`,
        'sudo modprobe tun; in a container, start that with --device /dev/net/tun',
      );
}

/** Whether a program is there, by what it says of itself. */
export async function programFinding(
  tools: HostTools,
  engine: string,
  argv: readonly string[],
  remedy: string,
): Promise<Finding> {
  const [program = ''] = argv;
  const line = await tools.firstLine(argv);
  return line === null
    ? warning(`engine-${engine}`, `no engine ${engine}: ${program} is not installed`, remedy)
    : ok(`engine-${engine}`, escapeText(line, 80));
}
