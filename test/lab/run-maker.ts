/** Runs `maker.ts`, and the command line, in processes of their own. */
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { spawnProcess, type ProcessExit } from '../../src/sys/process.ts';
import type { MakerOrder } from './maker.ts';

export interface Ended {
  readonly exit: ProcessExit;
  readonly stdout: string;
  readonly stderr: string;
}

const loader = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/** @param before - words before the command: another user, another namespace */
export function runMaker(order: MakerOrder, before: readonly string[] = []): Promise<Ended> {
  return run([...before, ...typescript(path('./maker.ts')), JSON.stringify(order)]);
}

/** Runs `overspan` with these words. */
export function overspan(...words: readonly string[]): Promise<Ended> {
  return run([...typescript(path('../../src/cli/main.ts')), ...words]);
}

function typescript(file: string): string[] {
  return [process.execPath, '--import', loader, file];
}

async function run(argv: readonly string[]): Promise<Ended> {
  const child = await spawnProcess(argv, { ownGroup: true });
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  // Not the end of the streams: what a killed maker left behind may hold them open.
  const exit = await child.exited;
  if (exit.signal === null) await Promise.all([ended(child.stdout), ended(child.stderr)]);
  child.release();
  return { exit, stdout, stderr };
}

async function ended(stream: NodeJS.ReadableStream | null): Promise<void> {
  if (stream === null || (stream as { readableEnded?: boolean }).readableEnded === true) return;
  await new Promise((resolve) => stream.once('end', resolve));
}
