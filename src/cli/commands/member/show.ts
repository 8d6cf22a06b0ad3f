/** `overspan member show`: what is set of a member, what was heard of it and when, who knows that it was shut out. */
import type { Command } from 'commander';

import type { MemberV1 } from '../../../api/schema/v1.ts';
import { escapeText } from '../../../base/escape.ts';
import { systemClock } from '../../../sys/clock.ts';
import type { Act } from '../../context.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { connectManagement } from '../../service.ts';
import { agoText, momentText } from '../../time-text.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<member>', '10 hexadecimal digits')
    .action(
      act(async (cli, networkWord: string, memberWord: string) => {
        const id = networkArgument(networkWord);
        const address = addressArgument(memberWord);
        const client = await connectManagement(cli);
        const member = await client.member(id, address);
        if (cli.json) cli.printJson({ member });
        else for (const line of memberLines(member, systemClock.wallMs())) cli.print(line);
        return undefined;
      }),
    );
}

function memberLines(member: MemberV1, nowMs: number): string[] {
  const { heard, path, revocation } = member;
  const { software } = heard;
  const version =
    software === null
      ? 'not known'
      : `${software.isOverspan ? 'Overspan, as ' : ''}${software.version}${software.platform === null ? '' : ` on ${escapeText(software.platform, 40)}`}`;
  const reached = path.kind === 'unknown' ? 'no path' : path.kind;
  const rows: [string, string][] = [
    [
      'member',
      `${member.address} of ${member.network}${member.name === '' ? '' : ` "${escapeText(member.name)}"`}`,
    ],
    ['state', `${member.state}: ${escapeText(member.why, 200)}`],
    [
      'authorised',
      member.isAuthorized
        ? `by ${member.authorizedBy ?? '?'}, ${momentText(member.authorizedAt)}`
        : 'no',
    ],
    ...(member.deauthorizedAt === null
      ? []
      : [['shut out', momentText(member.deauthorizedAt)] as [string, string]]),
    ['addresses', member.ipAssignments.map((ip) => escapeText(ip)).join(', ') || '–'],
    ['runs', version],
    ['asked the controller', agoText(heard.askedAt, nowMs)],
    ['was configured', agoText(heard.configuredAt, nowMs)],
    [
      "path of the controller's node",
      [
        reached,
        path.endpoint === null ? '' : escapeText(path.endpoint),
        path.latencyMs === null ? '' : `${path.latencyMs.toFixed(1)} ms`,
        path.heardAt === null ? '' : `heard ${agoText(path.heardAt, nowMs)}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    ],
  ];
  if (revocation !== null)
    rows.push([
      'know that it is out',
      `${revocation.confirmed.length} Overspan members${revocation.waiting.length === 0 ? '' : `; not yet: ${revocation.waiting.join(', ')}`}`,
    ]);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
