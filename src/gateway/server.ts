/**
 * The server of the page: its files, signing in and out, and `/services/NAME/api/v1/…`, which a service answers.
 *
 * | path | methods | needs |
 * |---|---|---|
 * | `/assets/…` | GET | nothing |
 * | `/session` | GET, POST, DELETE | POST: a token that is admitted; DELETE: the session |
 * | `/services/NAME/api/v1/…` | as /api/v1 | the session; to change something also its proof, in `X-Overspan-Proof` |
 * | `/runs/…` | GET, POST | the same, of a session that may measure: see runs.ts |
 * | anything else | GET | nothing: it is the page, which shows what its own address says |
 *
 * A token is never in a URL, and never in what a script of the page can read.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';

import type { ApiBody } from '../api/routes/index.ts';
import { RateLimit } from '../api/v1/rate-limit.ts';
import type { ProblemAnswer } from '../api/v1/problem.ts';
import { nsPerMs, type Clock } from '../base/clock.ts';
import { OverspanError } from '../base/errors.ts';
import { parseJson, readBody } from '../http/body.ts';
import { isFromHere } from '../http/origin.ts';
import { isV1, requestV1, sendV1 } from '../http/v1.ts';
import { gatewayError } from './errors.ts';
import type { PageFiles } from './files.ts';
import { everyAnswer } from './policy.ts';
import { answerRuns, type GatewayRuns } from './runs.ts';
import { sendAsset, sendPage } from './send-file.ts';
import type { Admission, GatewayAnswer, GatewayService } from './service.ts';
import { problemOfAny } from './failure.ts';
import { isProof, Sessions, type Session } from './sessions.ts';

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

const cookieName = 'overspan_session';
const proofHeader = 'x-overspan-proof';
/** Tokens that may be tried by everybody together. */
const loginRate = { burst: 10, perSecond: 0.5 };

/** Answers the requests of browsers. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #sessions = new Sessions();
  readonly #logins = new RateLimit(loginRate);

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
      const known = problemOfAny(error, this.#options.log);
      const { status } = known.problem;
      sendV1(response, status === 403 && isSignedOut(error) ? withStatus(known, 401) : known);
    }
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { scheme, hosts, files } = this.#options;
    const url = new URL(request.url ?? '/', 'http://page.invalid');
    const path = url.pathname.split('/').filter((part) => part !== '');
    const [first] = path;
    const isPage = !['services', 'runs', 'session', 'assets'].includes(first ?? '');
    const isReading = request.method === 'GET' || request.method === 'HEAD';
    if (!isFromHere(request.headers, { scheme, hosts, isNavigable: isPage && isReading }))
      throw gatewayError('UI_REQUEST_FORGED', 'the request comes from another page or name', {
        remedy: `open the page by one of its own names: ${hosts.join(', ')}`,
      });
    if (first === 'assets') sendAsset(request, response, files, path.slice(1).join('/'));
    else if (first === 'session') await this.#session(request, response);
    else if (first === 'services') await this.#service(request, response, { url, path });
    else if (first === 'runs') await this.#runs(request, response, { url, path });
    else sendPage(response, files, 'index.html');
  }

  // ——— signing in and out

  async #session(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await readBody(request);
    const session = this.#sessionOf(request);
    switch (request.method) {
      case 'POST': {
        const opened = await this.#signIn(text ?? '');
        if (session !== null) this.#sessions.close(session.id);
        response.setHeader('Set-Cookie', this.#cookie(opened.id));
        this.#sendSession(response, opened);
        return;
      }
      case 'DELETE':
        if (session !== null) {
          proven(request, session);
          this.#sessions.close(session.id);
        }
        response.setHeader('Set-Cookie', `${this.#cookie('')}; Max-Age=0`);
        this.#sendSession(response, null);
        return;
      default:
        this.#sendSession(response, session);
    }
  }

  async #signIn(text: string): Promise<Session> {
    const waitMs = this.#logins.take(this.#nowMs(), '');
    if (waitMs > 0)
      throw gatewayError('UI_TOO_MANY_TRIES', 'too many tokens were tried', {
        remedy: `wait ${Math.ceil(waitMs / 1_000)} s`,
      });
    const body = parseJson(text);
    const given = body.kind === 'json' ? (body.value as { readonly token?: unknown } | null) : null;
    const token = typeof given?.token === 'string' ? given.token.trim() : '';
    const { admission } = this.#options;
    const admitted = token === '' ? false : await admission.admit(token);
    if (admitted !== false) return this.#sessions.open(this.#nowMs(), admitted);
    throw gatewayError('UI_TOKEN_REFUSED', 'this token opens nothing here', {
      remedy: `use ${admission.hint}`,
    });
  }

  /** What the page starts with. */
  #sendSession(response: ServerResponse, session: Session | null): void {
    const { services, version, admission } = this.#options;
    const body = {
      version,
      hint: admission.hint,
      session:
        session === null
          ? null
          : {
              proof: session.proof,
              services: services.map(({ name, kind, joinUrl = null }) => ({ name, kind, joinUrl })),
              mayMeasure: admission.mayMeasure(session.credential),
            },
    };
    sendV1(response, { kind: 'json', status: 200, body });
  }

  #sessionOf(request: IncomingMessage): Session | null {
    const cookies = (request.headers.cookie ?? '').split(';').map((each) => each.trim());
    const own = cookies.find((each) => each.startsWith(`${cookieName}=`));
    return own === undefined
      ? null
      : this.#sessions.use(this.#nowMs(), own.slice(cookieName.length + 1));
  }

  #cookie(id: string): string {
    const secure = this.#options.scheme === 'https' ? '; Secure' : '';
    return `${cookieName}=${id}; HttpOnly; SameSite=Strict; Path=/${secure}`;
  }

  // ——— services

  async #service(
    request: IncomingMessage,
    response: ServerResponse,
    { url, path }: { readonly url: URL; readonly path: readonly string[] },
  ): Promise<void> {
    const { session, body, gone } = await this.#entered(request, response);
    const [, name = '', ...rest] = path;
    const service = this.#options.services.find((each) => encodeURIComponent(each.name) === name);
    if (service === undefined || !isV1(rest))
      throw gatewayError('UI_SERVICE_UNKNOWN', 'there is no such service', {
        remedy: 'reload the page; see which there are: overspan context list',
      });
    const asked = { ...requestV1(request, { path: rest, url, body }), token: '' };
    await send(response, await service.answer(asked, session.credential, gone));
  }

  // ——— runs

  async #runs(
    request: IncomingMessage,
    response: ServerResponse,
    { url, path }: { readonly url: URL; readonly path: readonly string[] },
  ): Promise<void> {
    const { runs, admission } = this.#options;
    const { session, body, gone } = await this.#entered(request, response);
    if (!admission.mayMeasure(session.credential))
      throw gatewayError('UI_RUNS_DENIED', 'this session may not measure', {
        remedy: "sign in with the daemon's own token: it starts programs on this machine",
      });
    const { method = 'GET' } = request;
    const asked = { method, path: path.slice(1), query: url.searchParams, body, gone };
    await answerRuns(runs, asked, response);
  }

  /**
   * What a request brings that only a session may make, and to change something only its page.
   *
   * @throws UI_SESSION_MISSING, UI_REQUEST_FORGED
   */
  async #entered(
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<{ readonly session: Session; readonly body: ApiBody; readonly gone: AbortSignal }> {
    const text = await readBody(request);
    const session = this.#sessionOf(request);
    if (session === null)
      throw gatewayError('UI_SESSION_MISSING', 'nobody is signed in', {
        remedy: 'reload the page and sign in',
      });
    if (request.method !== 'GET' && request.method !== 'HEAD') proven(request, session);
    const gone = new AbortController();
    response.on('close', () => {
      gone.abort();
    });
    session.ended.addEventListener('abort', () => response.destroy(), { signal: gone.signal });
    const signal = AbortSignal.any([gone.signal, session.ended]);
    return { session, body: parseJson(text ?? ''), gone: signal };
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

/** @throws UI_REQUEST_FORGED */
function proven(request: IncomingMessage, session: Session): void {
  const given = request.headers[proofHeader];
  if (typeof given === 'string' && isProof(given, session)) return;
  throw gatewayError('UI_REQUEST_FORGED', 'the request does not come from the page', {
    remedy: 'reload the page',
  });
}

function isSignedOut(error: unknown): boolean {
  return error instanceof OverspanError && error.code === 'UI_SESSION_MISSING';
}

function withStatus(answer: ProblemAnswer, status: number): ProblemAnswer {
  return { ...answer, problem: { ...answer.problem, status } };
}
