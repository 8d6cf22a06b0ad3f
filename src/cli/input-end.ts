/** A command that another program started ends with that program, however it ended: its standard input is a pipe from there. */
import { Socket } from 'node:net';

/** Aborted with `signal`, and where standard input ends. Does not keep the process. */
export function orInputEnd(signal: AbortSignal): AbortSignal {
  const ended = new AbortController();
  const end = (): void => {
    ended.abort();
  };
  const input: unknown = process.stdin;
  process.stdin.once('end', end).once('error', end).resume();
  if (input instanceof Socket) input.unref();
  return AbortSignal.any([signal, ended.signal]);
}
