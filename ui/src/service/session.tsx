/** Who is signed in: what the page's own server says (`src/gateway/server.ts`), for every part of the page. */
import { useQueryClient } from '@tanstack/react-query';
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { flushSync } from 'react-dom';

import { forgetAll } from './forgetting.ts';
import { serverAway } from './server-away.ts';

/** A service that the page is about. */
export interface ServiceName {
  readonly name: string;
  readonly kind: 'overspan' | 'zerotier-one' | 'central';
}

/** A session that is open. */
export interface OpenSession {
  readonly services: readonly (ServiceName & {
    /** Where people are sent who are to join a network of it, without network and invitation; null: there is no such page. */
    readonly joinUrl: string | null;
  })[];
  /** Whether it may start measurements on the machine of the page's server, and see those that are there. */
  readonly mayMeasure: boolean;
}

/** What the server says when the page starts. */
export interface SessionInfo {
  readonly version: string;
  /** Where a token is found. */
  readonly hint: string;
  readonly session: OpenSession | null;
}

/** The session, and how it is opened and ended. */
export interface SessionState {
  /** Undefined: not known yet. Null: the server does not answer. */
  readonly info: SessionInfo | null | undefined;
  /** @throws SignInError, DAEMON_NOT_RUNNING */
  readonly signIn: (token: string) => Promise<void>;
  /** Leaves nothing of it in the page. @throws SignInError, DAEMON_NOT_RUNNING */
  readonly signOut: () => Promise<void>;
  /** Asks once more who is signed in. */
  readonly again: () => void;
}

/** Why a token was not taken. */
export class SignInError extends Error {}

const SessionContext = createContext<SessionState | null>(null);

/** The session. Only below {@link SessionProvider}. */
export function useSession(): SessionState {
  const state = use(SessionContext);
  if (state === null) throw new Error('invariant broken: there is a session provider');
  return state;
}

/** The session that is open. Only where somebody is signed in. */
export function useOpenSession(): OpenSession {
  const { info } = useSession();
  if (!info?.session) throw new Error('invariant broken: somebody is signed in');
  return info.session;
}

/** `fetch` as whoever is signed in. */
export type SessionFetch = (
  url: string,
  init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
) => Promise<Response>;

/** How everything is asked for that only a session may have. */
export function useSessionFetch(): SessionFetch {
  const { again } = useSession();
  return useCallback(
    async (url, init) => {
      const response = await fetch(url, { ...init, headers: { ...init.headers, ...shown() } });
      if (response.status === 401) again();
      return response;
    },
    [again],
  );
}

/** Asks who is signed in, and holds the answer. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [info, setInfo] = useState<SessionInfo | null | undefined>(undefined);
  const queries = useQueryClient();
  const isSignedOut = info?.session === null;
  useEffect(() => {
    if (!isSignedOut) return;
    queries.clear();
    forgetAll();
  }, [isSignedOut, queries]);
  const again = useCallback(() => {
    void ask('GET').then(setInfo, () => {
      setInfo(null);
    });
  }, []);
  useEffect(() => {
    again();
    // Somebody signs in or out in another tab.
    const onChange = ({ key }: StorageEvent): void => {
      if (key === proofKey || key === null) again();
    };
    window.addEventListener('storage', onChange);
    return () => {
      window.removeEventListener('storage', onChange);
    };
  }, [again]);
  const state = useMemo(
    (): SessionState => ({
      info,
      again,
      signIn: async (token) => {
        const { proof, ...opened } = await ask('POST', { token });
        if (proof !== undefined) localStorage.setItem(proofKey, proof);
        setInfo(opened);
      },
      signOut: async () => {
        const closed = await ask('DELETE');
        localStorage.removeItem(proofKey);
        // What is not saved is lost with it: nothing is there any more to ask about that.
        flushSync(() => {
          setInfo(closed);
        });
        location.assign('/');
      },
    }),
    [info, again],
  );
  return <SessionContext value={state}>{children}</SessionContext>;
}

/**
 * Where the proof of the session is kept, which the server tells once. Unlike the cookie it is of this origin alone, with its port;
 * all tabs have it.
 */
const proofKey = 'overspan-proof';

/** What says that a request is of this page. */
function shown(): Readonly<Record<string, string>> {
  const proof = localStorage.getItem(proofKey);
  return proof === null ? {} : { 'X-Overspan-Proof': proof };
}

/** `proof`: of a session that was opened. */
async function ask(
  method: string,
  body?: unknown,
): Promise<SessionInfo & { readonly proof?: string }> {
  const response = await fetch('/session', {
    method,
    headers: { 'Content-Type': 'application/json', ...shown() },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw serverAway(cause);
  });
  const answer = (await response.json()) as unknown;
  if (response.ok) return answer as SessionInfo & { readonly proof?: string };
  const { detail, remedy } = answer as { detail: string; remedy: string };
  throw new SignInError(`${detail}: ${remedy}`);
}
