/** `overspan member show`: what is set of a member, what was heard of it and when, who knows that it was shut out. */
import type { Command } from 'commander';

import type { MemberV1 } from '../../../api/schema/v1.ts';
import { escapeText } from '../../../base/escape.ts';
import { systemClock } from '../../../sys/clock.ts';
import type { Act } from '../../context.ts';
import { reportsText } from '../../member-reports.ts';
import { addressArgument, networkArgument } from '../../network-argument.ts';
import { memberLines, pairLines } from '../../network-text.ts';
import { connectBackend } from '../../service.ts';
import { sinceText, momentText, skewText } from '../../time-text.ts';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<network>', '16 hexadecimal digits')
    .argument('<member>', '10 hexadecimal digits')
    .action(
      act(async (cli, networkWord: string, memberWord: string) => {
        const id = networkArgument(networkWord);
        const address = addressArgument(memberWord);
        const backend = await connectBackend(cli);
        const nowMs = systemClock.wallMs();
        const isOurs = backend.kind === 'overspan';
        const member = isOurs
          ? await backend.detailedMember(id, address)
          : await backend.member(id, address);
        if (cli.json) cli.printJson({ member });
        else
          for (const line of 'revocation' in member
            ? detailedLines(member, nowMs)
            : memberLines(member, nowMs))
            cli.print(line);
        return undefined;
      }),
    );
}

const planetTexts: Readonly<Record<MemberV1['path']['planet'], string>> = {
  same: "the controller's",
  older: "an older one than the controller's",
  newer: "a newer one than the controller's",
  other: "another one than the controller's",
  unknown: 'not known',
};

function detailedLines(member: MemberV1, nowMs: number): string[] {
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
    ...(member.bannedAt === null
      ? []
      : [['banned', momentText(member.bannedAt)] as [string, string]]),
    ['addresses', member.ipAssignments.map((ip) => escapeText(ip)).join(', ') || '–'],
    ['runs', version],
    ['asked the controller', sinceText(heard.askedAt, nowMs)],
    ['was configured', sinceText(heard.configuredAt, nowMs)],
    [
      "path of the controller's node",
      [
        reached,
        path.endpoint === null ? '' : escapeText(path.endpoint),
        path.latencyMs === null ? '' : `${path.latencyMs.toFixed(1)} ms`,
        path.heardAt === null ? '' : `heard ${sinceText(path.heardAt, nowMs)}`,
      ]
        .filter((part) => part !== '')
        .join(', '),
    ],
    [
      'its clock',
      path.clockSkewMs === null ? 'not known' : `${skewText(path.clockSkewMs)} the controller's`,
    ],
    ['its planet', planetTexts[path.planet]],
  ];
  if (member.isAuthorized) rows.push(['other members', reportsText(member.reports, nowMs)]);
  if (revocation !== null)
    rows.push([
      'know that it is out',
      `${revocation.confirmed.length} Overspan members${revocation.waiting.length === 0 ? '' : `; not yet: ${revocation.waiting.join(', ')}`}`,
    ]);
  return pairLines(rows);
}
