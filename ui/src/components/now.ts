/** The time of the page, for what is still to come. */
import { useEffect, useState } from 'react';

const everyMs = 1_000;

/** Ms since the Unix epoch, to the second. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => {
      setNow(Date.now());
    }, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, []);
  return now;
}
