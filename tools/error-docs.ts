/** Generates docs/errors.md from the tables in every folder's `errors.ts`. Run by `npm run docs`. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { exitCodes, type ErrorTable } from '../src/base/errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Every error table of the sources, by the folder that declares it. */
export async function errorTables(): Promise<{ folder: string; table: ErrorTable }[]> {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|[/-])errors\.ts$/.test(file) && file !== 'base/errors.ts')
    .sort();
  const tables: { folder: string; table: ErrorTable }[] = [];
  for (const file of files) {
    const path = join(root, 'src', file);
    const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
    for (const value of Object.values(module))
      if (typeof value === 'object' && value !== null)
        tables.push({
          folder: relative(root, path).replace(/\/[^/]*$/, ''),
          table: value as ErrorTable,
        });
  }
  return tables;
}

/** The text of docs/errors.md. */
export async function errorDocs(): Promise<string> {
  const exits = Object.entries(exitCodes)
    .map(([name, code]) => `${code} ${name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`)}`)
    .join(' · ');
  const lines = [
    '# Errors',
    '',
    'Generated from the `errors.ts` of each folder by `npm run docs`. An error is printed as `CODE: message` with a',
    'remedy; with `--json` as `{"error": {"code", "message", "remedy", "details"}}`. The code is the contract.',
    '',
    `Exit codes: ${exits}.`,
    '',
  ];
  for (const { folder, table } of await errorTables()) {
    lines.push(`## ${folder}`, '', '| code | exit | what has happened |', '| --- | --- | --- |');
    for (const [code, { summary, exit }] of Object.entries(table))
      lines.push(`| \`${code}\` | ${exit} | ${summary} |`);
    lines.push('');
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  writeFileSync(join(root, 'docs', 'errors.md'), await errorDocs());
