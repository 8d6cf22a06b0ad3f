/** `overspan ui`: the web UI of the services that this user has. */
import type { Command } from 'commander';

import { exitCodes, type ExitCode } from '../../base/errors.ts';
import type { GatewayService } from '../../gateway/index.ts';
import type { Act, CliContext } from '../context.ts';
import { readContexts, type ServiceContext } from '../contexts.ts';
import {
  addPageOptions,
  ownAdmission,
  servePagesOf,
  type Inviter,
  type PageOptions,
} from '../page.ts';
import { stopped } from '../run-node.ts';
import { daemonOf, targetOf, type Target } from '../service.ts';

export function define(command: Command, act: Act): void {
  addPageOptions(command, 'overspan-runs here, as of compare')
    .addHelpText(
      'after',
      '\nShows every context that this user has, and the daemon of the home. It prints a token, which the page asks for;\n' +
        'whoever signs in with it may do what this user may. Ends with SIGINT or SIGTERM.',
    )
    .action(act(run));
}

async function run(cli: CliContext, options: PageOptions): Promise<ExitCode> {
  const target = await targetOf(cli);
  const services = await servicesOf(cli, target);
  const { token, admission } = ownAdmission();
  const { service } = target;
  const inviter: Inviter | null =
    service.kind === 'overspan'
      ? { name: target.name ?? 'here', home: service.home, reach: () => daemonOf(cli, service) }
      : null;
  const page = await servePagesOf(cli, options, {
    ...{ services, admission, inviter },
    runsDirectory: 'overspan-runs',
  });
  const { url, joinUrl } = page;
  if (cli.json) cli.printJson({ event: 'ready', url, token, joinUrl });
  else {
    cli.print(`open   ${url}`);
    cli.print(`token  ${token}`);
    if (joinUrl !== null) cli.print(`join   ${joinUrl}`);
  }
  await stopped(cli.signal);
  await page.close();
  return exitCodes.done;
}

/** What the command is about comes first. */
async function servicesOf(cli: CliContext, target: Target): Promise<GatewayService[]> {
  const { daemonService } = await import('../../gateway/index.ts');
  const { backendPageService } = await import('../backend-page-service.ts');
  const { contexts } = await readContexts();
  const named = new Map<string, ServiceContext>([[target.name ?? 'here', target.service]]);
  for (const [name, service] of Object.entries(contexts))
    if (!named.has(name)) named.set(name, service);
  return [...named].map(([name, service]) =>
    service.kind === 'overspan'
      ? daemonService(name, () => daemonOf(cli, service))
      : backendPageService(cli, name, service),
  );
}
