/** What every command about labs begins with. */
import type { CliContext } from '../../context.ts';

/** Takes down the labs whose makers have died and tells of it; what cannot be taken down is told and stays. */
export async function sweep(cli: CliContext): Promise<readonly string[]> {
  const { sweepLabs } = await import('../../../harness/lab/index.ts');
  const { swept, failures } = await sweepLabs(cli.home);
  for (const id of swept) cli.note(`took down lab ${id}, whose maker had died`);
  for (const { code, message, remedy } of failures)
    cli.note(`${code}: ${message}\nremedy: ${remedy}`);
  return swept;
}
