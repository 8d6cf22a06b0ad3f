/** Gives the focus back to what opened a dialogue, when it is closed. */
import { useRef } from 'react';

/** What remembers, and what gives back; where it is gone, to a place that stays. */
export interface Opener {
  readonly remember: () => void;
  readonly giveBack: () => void;
}

/** @param place - the id of a part that can take the focus */
export function useOpener(place = 'content'): Opener {
  const from = useRef<Element | null>(null);
  return {
    remember: () => {
      from.current = document.activeElement;
    },
    giveBack: () => {
      // After the dialogue is gone: until then it holds the focus.
      requestAnimationFrame(() => {
        const element = from.current;
        if (element instanceof HTMLElement && element.isConnected) element.focus();
        else document.getElementById(place)?.focus();
      });
    },
  };
}
