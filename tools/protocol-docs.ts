/** Generates docs/protocol/messages.md from the layouts in the registries of the wire. Run by `npm run docs`. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { Codec } from '../src/wire/codec.ts';
import { dropReasons } from '../src/wire/drop-reason.ts';
import { codecGroups } from '../src/wire/registry.ts';
import { errorCodes } from '../src/wire/verbs/error.ts';
import { verbs } from '../src/wire/verbs/index.ts';

/** The text of docs/protocol/messages.md. */
export function protocolDocs(): string {
  const lines = [
    '# Messages',
    '',
    'Generated from the layouts of the codecs by `npm run docs`. All numbers are big-endian unless a note says otherwise;',
    'sizes are bytes. A payload is what follows the verb byte of a packet, decrypted and decompressed. What follows the',
    'known fields of a payload comes from a newer peer, and is kept.',
    '',
    '## Verbs',
    '',
    ...verbs.flatMap((codec) => [
      ...layout(codec, `### ${hex(codec.verb)} ${codec.name}`),
      ...(codec.dropReasons.length > 0
        ? [`Dropped as: ${codec.dropReasons.map((reason) => `\`${reason}\``).join(', ')}.`, '']
        : []),
    ]),
    ...codecGroups.flatMap(({ title, codecs }) => [
      `## ${title}`,
      '',
      ...codecs.flatMap((codec) => layout(codec, `### ${codec.name}`)),
    ]),
    '## Error codes',
    '',
    '| code | name |',
    '| --- | --- |',
    ...Object.entries(errorCodes).map(([name, code]) => `| ${hex(code)} | ${name} |`),
    '',
    '## Drop reasons',
    '',
    'Bytes that cannot be used are dropped and counted under one of these names. A packet that …',
    '',
    '| name | … |',
    '| --- | --- |',
    ...Object.entries(dropReasons).map(([name, text]) => `| \`${name}\` | ${cell(text)} |`),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

function layout(codec: Codec<unknown>, heading: string): string[] {
  if (codec.layout.length === 0) return [heading, '', 'No fields.', ''];
  return [
    heading,
    '',
    '| field | bytes | |',
    '| --- | --- | --- |',
    ...codec.layout.map(
      ({ name, size, note }) => `| ${cell(name)} | ${cell(String(size))} | ${cell(note ?? '')} |`,
    ),
    '',
  ];
}

function hex(number: number): string {
  return `0x${number.toString(16).padStart(2, '0')}`;
}

/** Text that does not end its cell. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(
    fileURLToPath(new URL('../docs/protocol/messages.md', import.meta.url)),
    protocolDocs(),
  );
