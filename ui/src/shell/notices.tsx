/** Short notices at the edge of the page, with a way back where there is one; see `notice-list.ts`. */
import { Affix, Button, Group, Notification, Stack, Text } from '@mantine/core';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';

import { explained } from '../components/problem.tsx';
import { strings } from '../strings.ts';
import { NoticeList, type Notice } from './notice-list.ts';

const list = new NoticeList((error) => {
  const { message, remedy } = explained(error);
  return remedy === '' ? message : `${message}. ${remedy}`;
});

/** What parts of the page may say. */
export type Notices = Pick<NoticeList, 'say' | 'fail' | 'doLater'>;

/** The notices: the same object each time. */
export function useNotices(): Notices {
  return list;
}

/** Does at once what waits for being undone, as when the page is left. Resolves when all of it is answered. */
export function flush(): Promise<void> {
  return list.flush();
}

/** Shows them beside the page. */
export function NoticesProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const shown = useSyncExternalStore(list.subscribe, list.shown);
  useEffect(() => {
    const leave = (): void => {
      void list.flush();
    };
    window.addEventListener('pagehide', leave);
    window.addEventListener('keydown', undoByKey);
    return () => {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('keydown', undoByKey);
    };
  }, []);
  return (
    <>
      {children}
      <Affix
        position={{ bottom: 16, right: 16 }}
        className="notices"
        onMouseOver={() => {
          list.pause();
        }}
        onMouseLeave={() => {
          list.resume();
        }}
        onFocus={() => {
          list.pause();
        }}
        onBlur={() => {
          list.resume();
        }}
      >
        <Stack gap="xs">
          {shown.filter(({ isBad }) => isBad).map(shownNotice)}
          <Stack gap="xs" role="status">
            {shown.filter(({ isBad }) => !isBad).map(shownNotice)}
          </Stack>
        </Stack>
      </Affix>
    </>
  );
}

function shownNotice({ id, text, isBad, canUndo }: Notice): ReactNode {
  return (
    <Notification
      key={id}
      withBorder
      color={isBad ? 'red' : 'blue'}
      // The others are in what is read out when something is added to it.
      role={isBad ? 'alert' : 'group'}
      onClose={() => {
        list.close(id);
      }}
      closeButtonProps={{ 'aria-label': strings.close }}
    >
      <Group justify="space-between" wrap="nowrap">
        <Text size="sm">{text}</Text>
        {canUndo && (
          <Button
            size="compact-sm"
            variant="light"
            title={strings.undoKey}
            aria-keyshortcuts="Control+Z"
            onClick={() => {
              list.undo(id);
            }}
          >
            {strings.undo}
          </Button>
        )}
      </Group>
    </Notification>
  );
}

/** The key that undoes everywhere undoes the last of them, but where it is a text that is being changed. */
function undoByKey(event: KeyboardEvent): void {
  const { key, target } = event;
  const isUndo =
    key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
  if (!isUndo || event.defaultPrevented || isText(target)) return;
  if (list.undo()) event.preventDefault();
}

function isText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea'))
  );
}
