/** What a form saved last, with the way back. */
import { useState, type ReactNode } from 'react';

import { useNotices } from '../shell/notices.tsx';
import { useKept } from './kept-state.ts';
import { SavedNotice } from './saved-notice.tsx';

/** How a form says it, and takes it back. */
export interface Saving<T> {
  /** Of this form alone. */
  readonly key: string;
  readonly words: {
    readonly saved: string;
    readonly undone: string;
    readonly undoConflict: string;
  };
  /** Sends what was there before. @returns false: somebody else has changed it since, and nothing was sent over that */
  readonly takeBack: (change: T) => Promise<boolean>;
}

/** @returns `note`: something was saved just now; `notice`: says so, also to who comes back to the form */
export function useSaved<T>({ key, words, takeBack }: Saving<T>): {
  readonly note: (change: T) => void;
  readonly notice: ReactNode;
} {
  const { fail } = useNotices();
  const [saved, setSaved] = useKept<{ readonly change: T; readonly isUndone: boolean }>(key);
  const [isFresh, setIsFresh] = useState(false);
  const note = (change: T): void => {
    setSaved({ change, isUndone: false });
    setIsFresh(true);
  };
  if (saved === null) return { note, notice: null };
  const { change, isUndone } = saved;
  const undo = async (): Promise<void> => {
    try {
      if (await takeBack(change)) setSaved({ change, isUndone: true });
      else fail(new Error(words.undoConflict));
    } catch (error) {
      fail(error);
    }
  };
  const notice = (
    <SavedNotice
      isFresh={isFresh}
      text={isUndone ? words.undone : words.saved}
      onUndo={isUndone ? null : undo}
      onClose={() => {
        setIsFresh(false);
        setSaved(null);
      }}
    />
  );
  return { note, notice };
}
