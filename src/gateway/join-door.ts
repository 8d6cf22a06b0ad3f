/**
 * The page for people who are to join: what to type, and whether the controller has seen their node yet. It listens apart from the
 * web UI, knows no sessions, and tells who holds an invitation what that invitation says; the invitation is in the fragment of the
 * link, which browsers do not send, and comes here in the body of a request.
 *
 * | path | methods | |
 * |---|---|---|
 * | `/join/NETWORK` | GET | the page |
 * | `/assets/…` | GET | its files |
 * | `/invitation/NETWORK` | POST | `{"invitation": …}`: what /api/v1 says of it |
 * | `/planet` | GET | the roots of the controller's node; 404 where they are the public ones |
 */
import type { IncomingMessage, ServerResponse } from 'node:http';

import type { InvitationV1 } from '../api/schema/v1.ts';
import { RateLimit } from '../api/v1/rate-limit.ts';
import { nsPerMs, type Clock } from '../base/clock.ts';
import { parseNetworkId, type NetworkId } from '../base/ids.ts';
import { parseJoinText } from '../base/join-text.ts';
import { isFromHere } from '../http/origin.ts';
import { sendV1 } from '../http/v1.ts';
import { readField } from './body.ts';
import { gatewayError } from './errors.ts';
import { problemOfAny } from './failure.ts';
import type { PageFiles } from './files.ts';
import { everyAnswer } from './policy.ts';
import { sendAsset, sendPage } from './send-file.ts';
import { callerOf, takeTry } from './tries.ts';

/** What it is served with. */
export interface JoinDoorOptions {
  readonly files: PageFiles;
  /** What is known of an invitation. Throws where there is none. */
  readonly invitationOf: (id: NetworkId, invitation: string) => Promise<InvitationV1>;
  /** The roots of the service whose invitations these are, as they are now; null: the public ones. */
  readonly planetOf: () => Promise<Uint8Array | null>;
  readonly clock: Clock;
  readonly scheme: 'http' | 'https';
  /** Null: any, and callers have no addresses. Behind a proxy it has names that are not known here; nothing that it says depends on who asks. */
  readonly hosts: readonly string[] | null;
  readonly log: (message: string) => void;
}

/** Questions of one caller, and of all together: a page asks once a second. */
const callerRate = { burst: 20, perSecond: 4 };
const doorRate = { burst: 200, perSecond: 50 };

/** Answers the requests of browsers. */
export class JoinDoor {
  readonly #options: JoinDoorOptions;
  readonly #callers = new RateLimit(callerRate);
  readonly #door = new RateLimit(doorRate);

  constructor(options: JoinDoorOptions) {
    this.#options = options;
  }

  /** Answers one request; never throws. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(everyAnswer)) response.setHeader(name, value);
    try {
      await this.#answer(request, response);
    } catch (error) {
      sendV1(response, problemOfAny(error, this.#options.log));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { files, planetOf, scheme, hosts } = this.#options;
    const [first = '', second = '', ...rest] = new URL(
      request.url ?? '/',
      'http://page.invalid',
    ).pathname
      .slice(1)
      .split('/');
    const id = rest.length === 0 ? parseNetworkId(second) : null;
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (first === 'assets' && isReading) {
      sendAsset(request, response, files, second);
    } else if (first === 'planet' && isReading) {
      sendPlanet(response, await planetOf());
    } else if (first === 'join' && id !== null && isReading) {
      sendPage(response, files, 'join.html');
    } else if (first === 'invitation' && id !== null && request.method === 'POST') {
      if (hosts !== null && !isFromHere(request.headers, { scheme, hosts }))
        throw gatewayError('UI_REQUEST_FORGED', 'the request comes from another page', {
          remedy: 'open the link again',
        });
      await this.#invitation(request, response, id);
    } else {
      sendNothing(response);
    }
  }

  async #invitation(
    request: IncomingMessage,
    response: ServerResponse,
    id: NetworkId,
  ): Promise<void> {
    const invitation = await readField(request, 'invitation');
    const read = parseJoinText(invitation);
    this.#count(request, read?.token ?? '');
    if (read?.id !== id)
      throw gatewayError('UI_INVITATION_INVALID', 'this is no invitation to this network', {
        remedy: 'open the whole link, with all that is behind the #',
      });
    const { invitationOf, planetOf } = this.#options;
    const known = await invitationOf(id, invitation);
    const hasPlanet = (await planetOf()) !== null;
    sendV1(response, { kind: 'json', status: 200, body: { ...known, hasPlanet } });
  }

  /** Behind a proxy all callers have one address: there it is the invitation that asks. @throws UI_TOO_MANY_TRIES */
  #count(request: IncomingMessage, token: string): void {
    const { clock, hosts } = this.#options;
    const who = hosts === null ? token : callerOf(request);
    const asked = { nowMs: clock.nowNs() / nsPerMs, what: 'questions were asked' };
    takeTry(this.#callers, { ...asked, who });
    takeTry(this.#door, { ...asked, who: '' });
  }
}

function sendPlanet(response: ServerResponse, planet: Uint8Array | null): void {
  if (planet === null) {
    sendNothing(response);
    return;
  }
  response.writeHead(200, {
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': 'attachment; filename="planet"',
  });
  response.end(planet);
}

function sendNothing(response: ServerResponse): void {
  response.writeHead(404, { 'Content-Type': 'text/plain' }).end('There is nothing here.\n');
}
