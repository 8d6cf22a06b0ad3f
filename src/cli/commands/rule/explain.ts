/** `overspan rule explain FILE PACKET…`: which rule decides on a packet, on the sender's and on the receiver's side. */
import type { Command } from 'commander';

import { compiledSource, explain, explanationLines, parsePacket } from '../../../rules/index.ts';
import type { Act } from '../../context.ts';
import { optionError } from '../../options.ts';
import { readRulesFile, sourceArgument } from './source-file.ts';

const example = 'from member to member ipprotocol tcp dport 22';

/** Adds the arguments and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('<file>', sourceArgument)
    .argument('<packet...>', `words as behind "expect accept" in the language: ${example}`)
    .addHelpText(
      'after',
      `
Examples:
  overspan rule explain office.rules ${example}
  overspan rule explain office.rules from member with tag department sales to 89e92ceee5 icmp 8`,
    )
    .action(
      act(async (cli, file: string, packet: string[]) => {
        const compiled = compiledSource(await readRulesFile(file));
        const words = packet.join(' ');
        const described = parsePacket(words, compiled);
        if (described.kind === 'problems') {
          const [problem] = described.problems;
          const wanted = `${problem?.expected ?? 'a packet'} (${problem?.message ?? ''})`;
          throw optionError('packet', words, wanted, example);
        }
        const explanation = explain(compiled, described.packet);
        if (cli.json) cli.printJson(explanation);
        else for (const line of explanationLines(explanation, { isLong: true })) cli.print(line);
        return undefined;
      }),
    );
}
