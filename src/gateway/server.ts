/**
 * The server of the page: its files, signing in and out, and `/services/NAME/api/v1/…`, which a service answers.
 *
 * | path | methods | needs |
 * |---|---|---|
 * | `/assets/…` | GET | nothing |
 * | `/session` | GET, POST, DELETE | POST: a token that is admitted, for which the proof is told |
 * | `/session/ticket` | POST | the session: its cookie, and its proof in `X-Overspan-Proof`. `{"path": …}`: may be fetched once |
 * | `/services/NAME/api/v1/…` | as /api/v1 | the session |
 * | `/runs/…` | GET, POST, DELETE | the session, if it may measure: see runs.ts; to GET, a ticket in place of the proof |
 * | `/engines` | GET | the same |
 * | anything else | GET | nothing: it is the page, which shows what its own address says |
 *
 * A token is never in a URL, and never in what a script of the page can read.
 */
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import { RateLimit } from '../api/v1/rate-limit.ts';
import { nsPerMs, type Clock } from '../base/clock.ts';
import type { OverspanError } from '../base/errors.ts';
import type { Secret } from '../base/secret.ts';
import { isFromHere } from '../http/origin.ts';
import { isV1, requestV1, sendV1 } from '../http/v1.ts';
import { readField, readJson, type GivenBody } from './body.ts';
import { gatewayError } from './errors.ts';
import type { PageFiles } from './files.ts';
import { everyAnswer } from './policy.ts';
import { answerRuns, type GatewayRuns } from './runs.ts';
import { sendAsset, sendPage } from './send-file.ts';
import type { Admission, GatewayAnswer, GatewayService } from './service.ts';
import { problemOfAny } from './failure.ts';
import { Sessions, type Session } from './sessions.ts';
import { callerOf, takeTry } from './tries.ts';

/** What the page is served with. */
export interface GatewayOptions {
  readonly services: readonly GatewayService[];
  readonly admission: Admission;
  readonly runs: GatewayRuns;
  readonly files: PageFiles;
  readonly version: string;
  readonly clock: Clock;
  readonly scheme: 'http' | 'https';
  /** Its names, as they stand in `Host`, without the port. */
  readonly hosts: readonly string[];
  /** Told of what is a bug. */
  readonly log: (message: string) => void;
}

const proofHeader = 'x-overspan-proof';
/** Tokens that one caller may try. */
const loginRate = { burst: 10, perSecond: 0.5 };
/** The same for everybody together: fewer than a daemon takes from strangers, which is asked about each. */
const loginsRate = { burst: 20, perSecond: 4 };

/** Answers the requests of browsers. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #sessions = new Sessions();
  readonly #callerLogins = new RateLimit(loginRate);
  readonly #logins = new RateLimit(loginsRate);

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Ends all sessions. */
  close(): void {
    this.#sessions.closeAll();
  }

  /** Answers one request; never throws. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of Object.entries(everyAnswer)) response.setHeader(name, value);
    try {
      await this.#answer(request, response);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
        return;
      }
      sendV1(response, problemOfAny(error, this.#options.log));
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { scheme, hosts, files } = this.#options;
    const url = new URL(request.url ?? '/', 'http://page.invalid');
    const path = url.pathname.split('/').filter((part) => part !== '');
    const [first] = path;
    const isPage = !['services', 'runs', 'engines', 'session', 'assets'].includes(first ?? '');
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isFromHere(request.headers, { scheme, hosts, isNavigable: isPage && isReading }))
      throw gatewayError('UI_REQUEST_FORGED', 'the request comes from another page or name', {
        remedy: `open the page by one of its own names: ${hosts.join(', ')}`,
      });
    if (first === 'assets') sendAsset(request, response, files, path.slice(1).join('/'));
    else if (first === 'session') await this.#session(request, response, { url, path });
    else if (first === 'services') await this.#service(request, response, { url, path });
    else if (first === 'runs' || first === 'engines')
      await this.#runs(request, response, { url, path });
    else sendPage(response, files, 'index.html');
  }

  // ——— signing in and out

  async #session(
    request: IncomingMessage,
    response: ServerResponse,
    { url, path }: { readonly url: URL; readonly path: readonly string[] },
  ): Promise<void> {
    const session = this.#sessionOf(request, url);
    switch ([request.method, ...path.slice(1)].join(' ')) {
      case 'POST': {
        const opened = await this.#signIn(request);
        if (session !== null) this.#sessions.close(session.id);
        response.setHeader('Set-Cookie', this.#cookie(request, opened.session.id));
        this.#sendSession(response, opened.session, opened.proof);
        return;
      }
      case 'POST ticket':
        await this.#ticket(request, response, session);
        return;
      case 'DELETE':
        if (session !== null) this.#sessions.close(session.id);
        response.setHeader('Set-Cookie', `${this.#cookie(request, '')}; Max-Age=0`);
        this.#sendSession(response, null);
        return;
      default:
        this.#sendSession(response, session);
    }
  }

  async #signIn(request: IncomingMessage): Promise<ReturnType<Sessions['open']>> {
    const tried = { nowMs: this.#nowMs(), what: 'tokens were tried' };
    takeTry(this.#callerLogins, { ...tried, who: callerOf(request) });
    takeTry(this.#logins, { ...tried, who: '' });
    const token = (await readField(request, 'token')).trim();
    const { admission } = this.#options;
    const admitted = token === '' ? false : await admission.admit(token);
    if (admitted !== false) return this.#sessions.open(this.#nowMs(), admitted);
    throw gatewayError('UI_TOKEN_REFUSED', 'this token opens nothing here', {
      remedy: `use ${admission.hint}`,
    });
  }

  /** Lets what shows no header, a frame or a download, fetch something of runs. */
  async #ticket(
    request: IncomingMessage,
    response: ServerResponse,
    session: Session | null,
  ): Promise<void> {
    if (session === null) throw nobody();
    const path = await readField(request, 'path');
    if (!path.startsWith('/runs/'))
      throw gatewayError('UI_RUNS_PATH_UNKNOWN', 'there is nothing of runs at this path', {
        remedy: 'reload the page',
      });
    const ticket = this.#sessions.ticket(this.#nowMs(), session, path);
    sendV1(response, { kind: 'json', status: 201, body: { ticket } });
  }

  /** What the page starts with. @param proof - of a session that was opened with this request */
  #sendSession(
    response: ServerResponse,
    session: Session | null,
    proof: Secret<string> | null = null,
  ): void {
    const { services, version, admission } = this.#options;
    const body = {
      version,
      hint: admission.hint,
      session:
        session === null
          ? null
          : {
              services: services.map(({ name, kind, joinUrl = null }) => ({ name, kind, joinUrl })),
              mayMeasure: admission.mayMeasure(session.credential),
            },
      ...(proof === null ? {} : { proof: proof.reveal() }),
    };
    sendV1(response, { kind: 'json', status: 200, body });
  }

  /** The session of who shows its cookie with its proof, or with a ticket for this path. */
  #sessionOf(request: IncomingMessage, url: URL): Session | null {
    const { headers, method } = request;
    const begin = `${cookieName(headers)}=`;
    const cookies = (headers.cookie ?? '').split(';').map((each) => each.trim());
    const id = cookies.find((each) => each.startsWith(begin))?.slice(begin.length);
    if (id === undefined) return null;
    const ticket = method === 'GET' ? url.searchParams.get('ticket') : null;
    const shown =
      ticket === null
        ? { proof: String(headers[proofHeader] ?? '') }
        : { ticket, path: url.pathname };
    return this.#sessions.use(this.#nowMs(), id, shown);
  }

  #cookie({ headers }: IncomingMessage, id: string): string {
    const secure = this.#options.scheme === 'https' ? '; Secure' : '';
    return `${cookieName(headers)}=${id}; HttpOnly; SameSite=Strict; Path=/${secure}`;
  }

  // ——— services

  async #service(
    request: IncomingMessage,
    response: ServerResponse,
    { url, path }: { readonly url: URL; readonly path: readonly string[] },
  ): Promise<void> {
    const { session, body, gone } = await this.#entered(request, response, url);
    const [, name = '', ...rest] = path;
    const service = this.#options.services.find((each) => encodeURIComponent(each.name) === name);
    if (service === undefined || !isV1(rest))
      throw gatewayError('UI_SERVICE_UNKNOWN', 'there is no such service', {
        remedy: 'reload the page; see which there are: overspan context list',
      });
    const asked = { ...requestV1(request, { path: rest, url, body }), token: '' };
    const answer = await service.answer(asked, session.credential, gone);
    if (answer.kind === 'passed-on' && answer.status === 401) {
      answer.body?.destroy();
      throw this.#refused(service, session, response);
    }
    await send(response, answer);
  }

  /** The error where a service does not take a token: if the session was opened with it, that is over, too. */
  #refused(
    { name }: GatewayService,
    { id, credential }: Session,
    response: ServerResponse,
  ): OverspanError {
    if (credential === null)
      return gatewayError('UI_SERVICE_REFUSED', `${name} does not take the token of its context`, {
        remedy: 'see which file it is read from: overspan context list',
      });
    // After the answer: its streams end with it, and this request would, too.
    response.once('close', () => {
      this.#sessions.close(id);
    });
    return nobody();
  }

  // ——— runs

  async #runs(
    request: IncomingMessage,
    response: ServerResponse,
    { url, path }: { readonly url: URL; readonly path: readonly string[] },
  ): Promise<void> {
    const { runs, admission } = this.#options;
    const { session, body, gone } = await this.#entered(request, response, url);
    if (!admission.mayMeasure(session.credential))
      throw gatewayError('UI_RUNS_DENIED', 'this session may not measure', {
        remedy: "sign in with the daemon's own token: it starts programs on this machine",
      });
    const { method = 'GET' } = request;
    const asked = { method, path, query: url.searchParams, body, gone };
    await answerRuns(runs, asked, response);
  }

  /**
   * What a request brings that only a session may make.
   *
   * @throws UI_SESSION_MISSING, UI_BODY_TOO_LONG, API_BODY_INVALID
   */
  async #entered(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<{ readonly session: Session; readonly body: GivenBody; readonly gone: AbortSignal }> {
    const session = this.#sessionOf(request, url);
    if (session === null) throw nobody();
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
    });
    session.ended.addEventListener('abort', () => response.destroy(), { signal: gone.signal });
    const signal = AbortSignal.any([gone.signal, session.ended]);
    return { session, body: await readJson(request), gone: signal };
  }

  #nowMs(): number {
    return this.#options.clock.nowNs() / nsPerMs;
  }
}

async function send(response: ServerResponse, answer: GatewayAnswer): Promise<void> {
  if (answer.kind !== 'passed-on') {
    sendV1(response, answer);
    return;
  }
  const { status, headers, body } = answer;
  response.writeHead(status, headers);
  if (body === null) {
    response.end();
    return;
  }
  // Events are wanted when they happen, and the first may be long in coming.
  response.flushHeaders();
  // Where either side went away there is nothing more to say to the other.
  await pipeline(body, response).catch(() => response.destroy());
}

/** Cookies of a host go to all its ports: pages of several, as the browser knows them, have one each. */
function cookieName({ host = '' }: IncomingHttpHeaders): string {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port === undefined ? 'overspan_session' : `overspan_session_${port}`;
}

function nobody(): OverspanError {
  return gatewayError('UI_SESSION_MISSING', 'nobody is signed in', {
    remedy: 'reload the page and sign in',
  });
}
