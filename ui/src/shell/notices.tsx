/** Short notices at the edge of the page, with a way back where there is one: something that is to be undone is done only then. */
import { Affix, Button, Group, Notification, Stack, Text } from '@mantine/core';
import { createContext, use, useCallback, useMemo, useRef, useState, type ReactNode } from 'react';

import { explained } from '../components/problem.tsx';
import { strings } from '../strings.ts';

/** How long a notice stays, and how long something waits for being undone, ms. */
const shownMs = 8_000;

interface Notice {
  readonly id: number;
  readonly text: string;
  readonly isBad: boolean;
  readonly undo: (() => void) | null;
}

/** What parts of the page may say. */
export interface Notices {
  /** @param undo - a way back, for as long as it is shown */
  readonly say: (text: string, undo?: () => void) => void;
  readonly fail: (error: unknown) => void;
  /** Says that something was done, with a way back for a moment. */
  readonly offerUndo: (text: string, undo: () => void) => void;
  /** Says that something is done, and does it a moment later, unless it is undone. */
  readonly doLater: (later: Later) => void;
}

/** Something that can be undone. */
export interface Later {
  readonly text: string;
  readonly act: () => Promise<unknown>;
  readonly undo: () => void;
}

const NoticesContext = createContext<Notices | null>(null);

/** The notices. Only below {@link NoticesProvider}. */
export function useNotices(): Notices {
  const notices = use(NoticesContext);
  if (notices === null) throw new Error('invariant broken: there is a provider of notices');
  return notices;
}

/** Holds and shows them. */
export function NoticesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [shown, setShown] = useState<readonly Notice[]>([]);
  const lastId = useRef(0);
  const remove = useCallback((id: number) => {
    setShown((notices) => notices.filter((notice) => notice.id !== id));
  }, []);
  const add = useCallback(
    (text: string, isBad: boolean, undo: (() => void) | null = null): number => {
      const id = ++lastId.current;
      setShown((notices) => [...notices.slice(-3), { id, text, isBad, undo }]);
      setTimeout(() => {
        remove(id);
      }, shownMs);
      return id;
    },
    [remove],
  );
  const notices = useMemo((): Notices => {
    const fail = (error: unknown): void => {
      const { message, remedy } = explained(error);
      add(remedy === '' ? message : `${message}. ${remedy}`, true);
    };
    return {
      say: (text, undo) => {
        if (undo === undefined) {
          add(text, false);
          return;
        }
        const id = add(text, false, () => {
          undo();
          remove(id);
        });
      },
      fail,
      offerUndo: (text, undo) => {
        const id = add(text, false, () => {
          undo();
          remove(id);
        });
      },
      doLater: ({ text, act, undo }) => {
        const run = (): void => {
          window.removeEventListener('pagehide', now);
          act().catch((error: unknown) => {
            undo();
            fail(error);
          });
        };
        const timer = setTimeout(run, shownMs);
        const now = (): void => {
          clearTimeout(timer);
          run();
        };
        // Who leaves the page did not undo it.
        window.addEventListener('pagehide', now);
        const id = add(text, false, () => {
          clearTimeout(timer);
          window.removeEventListener('pagehide', now);
          undo();
          remove(id);
        });
      },
    };
  }, [add, remove]);
  return (
    <NoticesContext value={notices}>
      {children}
      <Affix position={{ bottom: 16, right: 16 }} className="notices">
        <Stack gap="xs" role="status" aria-live="polite">
          {shown.map(({ id, text, isBad, undo }) => (
            <Notification
              key={id}
              withBorder
              color={isBad ? 'red' : 'blue'}
              onClose={() => {
                remove(id);
              }}
              closeButtonProps={{ 'aria-label': strings.close }}
            >
              <Group justify="space-between" wrap="nowrap">
                <Text size="sm">{text}</Text>
                {undo !== null && (
                  <Button size="compact-sm" variant="light" onClick={undo}>
                    {strings.undo}
                  </Button>
                )}
              </Group>
            </Notification>
          ))}
        </Stack>
      </Affix>
    </NoticesContext>
  );
}
