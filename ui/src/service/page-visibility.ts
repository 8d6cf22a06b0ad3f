/** Whether somebody looks at the page: it is in front in its window. */
import type { Visibility } from './event-stream.ts';

export const pageVisibility: Visibility = {
  isHidden: () => document.hidden,
  onChange: (listener) => {
    document.addEventListener('visibilitychange', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
    };
  },
};
