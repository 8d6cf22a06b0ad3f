/** Loads the module that `--respond FILE.mjs` names. */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

import { errorMessage } from '../../base/errors.ts';
import { escapeText } from '../../base/escape.ts';
import { serverError } from './errors.ts';
import type { Responder } from './responder.ts';

/**
 * Imports a module and takes its `respond` export (or a default export that is a function).
 *
 * @throws RESPONDER_INVALID
 */
export async function loadResponder(file: string): Promise<Responder> {
  const remedy =
    'the file exports it like this: export const respond = (request, { replyBytes }) => `got ${request.length} bytes`';
  let module: { respond?: unknown; default?: unknown };
  try {
    module = (await import(pathToFileURL(resolve(file)).href)) as typeof module;
  } catch (error) {
    const why = escapeText(errorMessage(error));
    throw serverError('RESPONDER_INVALID', `${escapeText(file)} cannot be loaded: ${why}`, {
      remedy,
      cause: error,
    });
  }
  const respond = module.respond ?? module.default;
  if (typeof respond !== 'function')
    throw serverError('RESPONDER_INVALID', `${escapeText(file)} exports no function "respond"`, {
      remedy,
    });
  return respond as Responder;
}
