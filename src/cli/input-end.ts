/** A command that another program started ends with that program, however it ended: its standard input is a pipe from there. */
import { Socket } from 'node:net';

import { Option } from 'commander';

import type { CliContext } from './context.ts';

export interface InputEndOptions {
  readonly untilInputEnds?: boolean;
}

/** `--until-input-ends`, for programs: it is in no help. */
export function inputEndOption(): Option {
  return new Option('--until-input-ends', 'stop when standard input ends').hideHelp();
}

/** What stops a command: its signal, and where it was asked for the end of standard input. */
export function stopSignal(
  { signal }: Pick<CliContext, 'signal'>,
  { untilInputEnds }: InputEndOptions,
): AbortSignal {
  return untilInputEnds === true ? orInputEnd(signal) : signal;
}

/** Aborted with `signal`, and where standard input ends. Does not keep the process. */
function orInputEnd(signal: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  const input: unknown = process.stdin;
  process.stdin.once('end', end).once('error', end).resume();
  if (input instanceof Socket) input.unref();
  return AbortSignal.any([signal, ended.signal]);
}
