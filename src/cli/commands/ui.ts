/** `overspan ui`: the web UI of the services that this user has. */
import type { Command } from 'commander';

import { exitCodes, OverspanError, type ExitCode } from '../../base/errors.ts';
import type { GatewayService } from '../../gateway/index.ts';
import type { Act, CliContext } from '../context.ts';
import { readContexts, type ServiceContext } from '../contexts.ts';
import { addPageOptions, servePagesOf, type Inviter, type PageOptions } from '../page.ts';
import { pageServices } from '../page-services.ts';
import { stopped } from '../run-node.ts';
import { daemonOf, detected, targetOf } from '../service.ts';

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
  const services = await servicesOf(cli);
  const [[name, service] = []] = services;
  const inviter: Inviter | null =
    name !== undefined && service?.kind === 'overspan'
      ? { name, home: service.home, reach: () => daemonOf(cli, service) }
      : null;
  const { ownAdmission } = await import('../page-admission.ts');
  const { token, admission } = ownAdmission();
  const page = await servePagesOf(cli, options, {
    services: await gatewayServices(cli, services),
    runsDirectory: 'overspan-runs',
    ...{ admission, inviter },
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

/** By their names; what the command is about comes first. */
async function servicesOf(cli: CliContext): Promise<ReadonlyMap<string, ServiceContext>> {
  const { contexts } = await readContexts();
  const services = new Map(pageServices(await targetOf(cli), contexts, cli.home));
  for (const [name, service] of services)
    if (!Object.hasOwn(contexts, name)) services.set(name, await detectedOrOurs(cli, service));
  return services;
}

async function gatewayServices(
  cli: CliContext,
  services: ReadonlyMap<string, ServiceContext>,
): Promise<GatewayService[]> {
  const { daemonService } = await import('../../gateway/index.ts');
  const { backendPageService } = await import('../backend-page-service.ts');
  return [...services].map(([name, service]) =>
    service.kind === 'overspan'
      ? daemonService(name, () => daemonOf(cli, service))
      : backendPageService(cli, name, service),
  );
}

/** The daemon of a home that is away is taken for ours. */
async function detectedOrOurs(cli: CliContext, service: ServiceContext): Promise<ServiceContext> {
  try {
    return await detected(cli, { name: null, service });
  } catch (error) {
    if (error instanceof OverspanError) return service;
    throw error;
  }
}
