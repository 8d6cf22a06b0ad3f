/** What is deleted or left: gone from the page at once, and from where it is when nobody has taken that back. */
import { useCallback } from 'react';

import { hide, unhide } from '../service/gone.ts';
import { useNotices } from './notices.tsx';

/** Whose names they are, as in `service/gone.ts`; what is said; and what is done a moment later. */
export interface TakeAway {
  readonly of: string;
  readonly names: readonly string[];
  readonly text: string;
  readonly act: () => Promise<unknown>;
}

/** What takes things away. */
export function useTakeAway(): (what: TakeAway) => void {
  const { doLater } = useNotices();
  return useCallback(
    ({ of, names, text, act }) => {
      const back = (): void => {
        unhide(of, names);
      };
      hide(of, names);
      doLater({
        text,
        act: async () => {
          await act();
          back();
        },
        undo: back,
      });
    },
    [doLater],
  );
}
