/** `overspan cert show`: what certificates say, when they expire, and what is wrong with them. */
import type { Command } from 'commander';

import { exitCodes } from '../../../base/errors.ts';
import { escapeText } from '../../../base/escape.ts';
import type { CertificateFacts, FileFacts } from '../../../harness/pki/index.ts';
import { systemClock } from '../../../sys/clock.ts';
import type { Act, CliContext } from '../../context.ts';

/** Adds the argument and the action. */
export function define(command: Command, act: Act): void {
  command
    .argument('[path...]', 'certificate files or directories (default: pki in the home directory)')
    .addHelpText('after', '\nExits with 1 where a certificate cannot be used.')
    .action(
      act(async (cli, paths: string[]) => {
        const pki = await import('../../../harness/pki/index.ts');
        const now = systemClock.wallMs();
        const files: FileFacts[] = [];
        for (const path of paths.length > 0 ? paths : [pki.pkiDirectory(cli.home)])
          files.push(...(await pki.inspect(path, now)));
        const words = (facts: CertificateFacts): string => pki.validityInWords(facts, now);
        if (cli.json) cli.printJson({ files });
        else printFiles(cli, files, words);
        const isBad = files.some(({ problems }) =>
          problems.some(({ severity }) => severity === 'error'),
        );
        return isBad ? exitCodes.failed : exitCodes.done;
      }),
    );
}

function printFiles(
  cli: CliContext,
  files: readonly FileFacts[],
  words: (facts: CertificateFacts) => string,
): void {
  files.forEach((file, index) => {
    if (index > 0) cli.print('');
    printFile(cli, file, words);
  });
}

function printFile(
  cli: CliContext,
  { file, certificates, keyFile, problems }: FileFacts,
  words: (facts: CertificateFacts) => string,
): void {
  cli.print(escapeText(file, 4096));
  const [facts, ...above] = certificates;
  if (facts !== undefined) {
    cli.print(`  subject   ${facts.subject}`);
    cli.print(`  issuer    ${facts.isSelfSigned ? 'itself' : facts.issuer}`);
    cli.print(`  use       ${use(facts)}`);
    if (facts.names.length > 0) cli.print(`  names     ${facts.names.join(', ')}`);
    cli.print(
      `  key       ${facts.keyType}${keyFile === null ? '' : `, in ${escapeText(keyFile, 4096)}`}`,
    );
    cli.print(`  validity  ${words(facts)}`);
    cli.print(`  SHA-256   ${facts.fingerprint}`);
    for (const { subject, fingerprint } of above)
      cli.print(`  with      ${subject} (SHA-256 ${fingerprint.slice(0, 16)}…)`);
  }
  for (const { severity, code, message, remedy } of problems) {
    cli.print(`  ${severity === 'error' ? 'problem ' : 'warning '}  ${code}: ${message}`);
    cli.print(`            remedy: ${remedy}`);
  }
}

function use({ isAuthority, purposes }: CertificateFacts): string {
  if (isAuthority) return 'certificate authority';
  return purposes.length > 0 ? `TLS ${purposes.join(' and ')}` : 'not restricted';
}
