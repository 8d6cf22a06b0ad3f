import { describe, expect, it } from 'vitest';

import type { HostTools } from './host-tools.ts';
import { nodeFinding, programFindings } from './programs.ts';

const tools = (installed: readonly string[]): HostTools => ({
  firstLine: ([program = '']) =>
    Promise.resolve(installed.includes(program) ? `${program} \u001b[2J1.0` : null),
  tryInNamespace: () => Promise.resolve(null),
});

describe('the doctor', () => {
  it('warns of a Node past its end of life, in one finding', () => {
    expect(nodeFinding('20.20.2').status).toBe('warning');
    expect(nodeFinding('22.0.0').status).toBe('ok');
  });

  it('calls a program missing only where a lab cannot do without it', async () => {
    const findings = await programFindings(tools(['unshare']));
    const byId = Object.fromEntries(findings.map((finding) => [finding.id, finding]));
    expect(byId['ip']).toMatchObject({
      status: 'missing',
      remedy: 'sudo apt-get install iproute2',
    });
    expect(byId['ethtool']?.status).toBe('warning');
    expect(byId['unshare']).toMatchObject({ status: 'ok', message: 'unshare \\u{1b}[2J1.0' });
  });
});
