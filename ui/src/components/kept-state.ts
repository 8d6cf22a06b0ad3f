/** State that is still there when somebody comes back to a part of the page: what was typed and not saved. Gone with the page and the session. */
import { useCallback, useEffect, useState } from 'react';

import { onForgetting } from '../service/forgetting.ts';

const kept = new Map<string, unknown>();
onForgetting(() => {
  kept.clear();
});

/** @param key - of one part alone. @returns null: there is none */
export function useKept<T>(key: string): [T | null, (value: T | null) => void] {
  const [value, setValue] = useState((kept.get(key) ?? null) as T | null);
  const keep = useCallback(
    (next: T | null) => {
      if (next === null) kept.delete(key);
      else kept.set(key, next);
      setValue(next);
    },
    [key],
  );
  return [value, keep];
}

/** Has the browser ask before the page is left, while something is not saved. */
export function useLeaveWarning(isUnsaved: boolean): void {
  useEffect(() => {
    if (!isUnsaved) return undefined;
    const ask = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener('beforeunload', ask);
    return () => {
      window.removeEventListener('beforeunload', ask);
    };
  }, [isUnsaved]);
}
