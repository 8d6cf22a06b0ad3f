/** Who is signed in: what the page's own server says (`src/gateway/server.ts`), for every part of the page. */
import {
  createContext,
  use,
  useCallback,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';

/** A service that the page is about. */
export interface ServiceName {
  readonly name: string;
  readonly kind: 'overspan' | 'zerotier-one' | 'central';
}

/** A session that is open. */
export interface OpenSession {
  /** Shown with every request that changes something. */
  readonly proof: string;
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
  /** @throws SignInError */
  readonly signIn: (token: string) => Promise<void>;
  readonly signOut: () => Promise<void>;
  /** A request was refused because nobody is signed in. */
  readonly lost: () => void;
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

/** Asks who is signed in, and holds the answer. */
export function SessionProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [info, setInfo] = useState<SessionInfo | null | undefined>(undefined);
  const again = useCallback(() => {
    void ask('GET').then(setInfo, () => {
      setInfo(null);
    });
  }, []);
  useEffect(again, [again]);
  const state = useMemo(
    (): SessionState => ({
      info,
      again,
      signIn: async (token) => {
        setInfo(await ask('POST', { token }));
      },
      signOut: async () => {
        setInfo(await ask('DELETE', undefined, info?.session?.proof));
      },
      lost: () => {
        setInfo((known) => (known ? { ...known, session: null } : known));
      },
    }),
    [info, again],
  );
  return <SessionContext value={state}>{children}</SessionContext>;
}

async function ask(method: string, body?: unknown, proof?: string): Promise<SessionInfo> {
  const response = await fetch('/session', {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(proof === undefined ? {} : { 'X-Overspan-Proof': proof }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as unknown;
  if (response.ok) return answer as SessionInfo;
  const { detail, remedy } = answer as { detail: string; remedy: string };
  throw new SignInError(`${detail}: ${remedy}`);
}
