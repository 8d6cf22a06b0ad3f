/**
 * Installing the node as a service of systemd, and taking it away again. What is run is injected, so that all of it can be
 * tried where there is no systemd; with a root directory (of an image, of a test) files are written and nothing is run.
 */
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';

import { runCommand } from '../sys/command.ts';
import { demandReachable, demandSystemd, hasUser, isThere } from './machine.ts';
import { markedText } from './marked-text.ts';
import {
  isFile,
  putFile,
  removeFiles,
  servicePaths,
  type FileResult,
  type ServiceFile,
} from './service-files.ts';
import { environmentText, serviceName, stateDirectory, sysusersText, unitText } from './unit.ts';

/** A command of the host: the program and its arguments. */
export type Argv = readonly string[];

/** What a service is to be. */
export interface ServiceRequest {
  /** Absolute paths, without links, of Node.js and of the file that it runs. */
  readonly node: string;
  readonly program: string;
  readonly version: string;
  readonly port?: number | undefined;
  /** The bytes of a planet. */
  readonly planet?: Uint8Array | undefined;
  /** Where its networks are kept. @see isUsableStore */
  readonly storeUrl?: string | undefined;
}

/** Where and how it is done. */
export interface ServiceOptions {
  /** Files go below it, and nothing is run. Default: the machine itself. */
  readonly root?: string | undefined;
  /** Also what was changed by hand. */
  readonly force?: boolean;
  /** Runs a command of the host; in tests, something that remembers it. */
  readonly run?: (argv: Argv) => Promise<unknown>;
  readonly signal?: AbortSignal | undefined;
}

/** What was done. */
export interface ServiceResult {
  readonly files: readonly FileResult[];
  readonly commands: readonly Argv[];
  /** False: `commands` are yet to be run, on the machine that the root directory belongs to. */
  readonly wereRun: boolean;
}

const unitName = `${serviceName}.service`;

/** The files that a request comes to. */
export function serviceFiles(request: ServiceRequest): ServiceFile[] {
  const { node, program, version, port, planet, storeUrl } = request;
  const words = [
    ...(port === undefined ? [] : ['--port', String(port)]),
    ...(planet === undefined ? [] : ['--planet', servicePaths.planet]),
  ];
  const unit = unitText({ node, program, words, environmentFile: servicePaths.environment });
  const marked = (path: string, mode: number, text: string): ServiceFile => ({
    path,
    mode,
    content: markedText(text, version),
  });
  return [
    marked(servicePaths.sysusers, 0o644, sysusersText()),
    ...(planet === undefined ? [] : [{ path: servicePaths.planet, mode: 0o644, content: planet }]),
    ...(storeUrl === undefined
      ? []
      : [marked(servicePaths.environment, 0o600, environmentText({ OVERSPAN_STORE: storeUrl }))]),
    marked(servicePaths.unit, 0o644, unit),
  ];
}

/**
 * Whether the service can use what `--store` names: a database server, or a file where it may write.
 *
 * @param url - as `overspan up --store` takes it
 */
export function isUsableStore(url: string): boolean {
  // A line that ends early would be another setting.
  if (/[\u0000-\u001f\u007f]/.test(url)) return false;
  return /^postgres(ql)?:\/\//.test(url) || join(url).startsWith(`${stateDirectory}/`);
}

/** The commands after the files are there. @param isNew - whether there is anything that a running node does not have */
export function installCommands(options: {
  readonly start: boolean;
  readonly isNew: boolean;
}): Argv[] {
  return [
    ['systemd-sysusers', basename(servicePaths.sysusers)],
    ['systemctl', 'daemon-reload'],
    ['systemctl', 'enable', unitName],
    // A node that runs as it should is not disturbed.
    ...(options.start ? [['systemctl', options.isNew ? 'restart' : 'start', unitName]] : []),
  ];
}

/**
 * Writes the files, makes the user, and enables and starts the service. What is as it should be stays as it is.
 *
 * @param options - `start`: false to enable it only
 * @throws SYSTEMD_MISSING, SERVICE_…, COMMAND_…, PERMISSION
 */
export async function installService(
  request: ServiceRequest,
  options: ServiceOptions & { readonly start: boolean },
): Promise<ServiceResult> {
  const { root = '/', force = false, start } = options;
  if (options.root === undefined) {
    await demandSystemd();
    await demandReachable(request.node);
    await demandReachable(request.program);
  }
  const files: FileResult[] = [];
  for (const file of serviceFiles(request)) files.push(await putFile(root, file, { force }));
  const isNew = files.some(({ state }) => state === 'written');
  return { files, ...(await runAll(installCommands({ start, isNew }), options)) };
}

/**
 * Stops and disables the service and removes its files.
 *
 * @param options - `purge`: also the state, the user, and what was changed by hand
 * @throws SYSTEMD_MISSING, SERVICE_FILES_UNWRITABLE, COMMAND_…, PERMISSION
 */
export async function uninstallService(
  options: ServiceOptions & { readonly purge: boolean },
): Promise<ServiceResult> {
  const { root = '/', purge } = options;
  const isInstalled = await isFile(root, servicePaths.unit);
  if (options.root === undefined && isInstalled) await demandSystemd();
  const stopped = await runAll(
    isInstalled ? [['systemctl', 'disable', '--now', unitName]] : [],
    options,
  );
  const files = await removeFiles(root, { force: purge || options.force === true });
  const state = join(root, stateDirectory);
  if (purge && (await isThere(state))) {
    await rm(state, { recursive: true });
    files.push({ path: stateDirectory, state: 'removed' });
  }
  // The user stays as long as its files do: its number would go to somebody else.
  const rest = await runAll(
    [
      ...(isInstalled ? [['systemctl', 'daemon-reload']] : []),
      ...(purge && (await hasUser(root)) ? [['userdel', serviceName]] : []),
    ],
    options,
  );
  return { ...rest, files, commands: [...stopped.commands, ...rest.commands] };
}

async function runAll(
  commands: readonly Argv[],
  { root, run, signal }: ServiceOptions,
): Promise<Omit<ServiceResult, 'files'>> {
  const wereRun = root === undefined || run !== undefined;
  const act =
    run ??
    ((argv: Argv) =>
      runCommand(argv, {
        timeoutMs: 120_000,
        signal,
        remedy: `see what it says: journalctl -u ${serviceName} -e`,
      }));
  if (wereRun) for (const argv of commands) await act(argv);
  return { commands, wereRun };
}
