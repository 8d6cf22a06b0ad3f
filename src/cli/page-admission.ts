/** Who may sign in to the web UI. */
import { randomBytes } from 'node:crypto';

import { errorMessage } from '../base/errors.ts';
import { escapeText } from '../base/escape.ts';
import { Secret } from '../base/secret.ts';
import { gatewayError, type Admission } from '../gateway/index.ts';
import { isToken } from '../http/token.ts';

/** A token that is made for this run of the page, and whom it admits. */
export function ownAdmission(): { readonly token: string; readonly admission: Admission } {
  const token = randomBytes(12).toString('hex');
  const secret = new Secret(token);
  return {
    token,
    admission: {
      hint: 'the token that `overspan ui` printed when it was started',
      admit: (text) => Promise.resolve(isToken(text, secret) ? null : false),
      mayMeasure: () => true,
    },
  };
}

/**
 * Who has a token of a daemon: its own, or one of `overspan api-token create`, whose scopes then count. None of these is to start
 * programs of the user whom the daemon runs as.
 */
export function daemonAdmission(
  origin: string,
  tokenFile: string,
  token: Secret<string>,
): Admission {
  return {
    mayMeasure: (credential) => credential !== null && isToken(credential.reveal(), token),
    hint: `the token in ${tokenFile}, or one of: overspan api-token create`,
    admit: async (text) => {
      // What no header can hold is no token.
      if (!/^[\x21-\x7e]{1,256}$/.test(text)) return false;
      const status = await statusOf(`${origin}/api/v1/node`, text);
      if (status === 401) return false;
      // A token whose scopes do not reach that far is one, too.
      if (status === 200 || status === 403) return new Secret(text);
      throw unknown(origin, `it answered with status ${status}`);
    },
  };
}

async function statusOf(url: string, token: string): Promise<number> {
  try {
    const response = await fetch(url, {
      headers: { Authorization: `Bearer ${token}` },
      redirect: 'error',
      signal: AbortSignal.timeout(10_000),
    });
    await response.body?.cancel();
    return response.status;
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw unknown(new URL(url).origin, escapeText(errorMessage(cause)), error);
  }
}

function unknown(origin: string, why: string, cause?: unknown): Error {
  return gatewayError('UI_SERVICE_AWAY', `the daemon at ${origin} cannot say who this is: ${why}`, {
    remedy: 'try again in a minute; see its log where that does not help',
    cause,
  });
}
