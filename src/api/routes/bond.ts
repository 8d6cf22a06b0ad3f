/** /bond: nothing here is bonded, which is said as the official service says it. Source: management.md 1.5. */
import type { Route } from './route.ts';

/** Everything below /bond. */
export const bondRoute: Route = ({ path }) => {
  const [noun, verb] = path;
  return noun === 'bond' && ['show', 'rotate', 'setmtu'].includes(verb ?? '')
    ? { status: 400 }
    : null;
};
