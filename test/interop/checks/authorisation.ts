/** A member is put out and let in again by the controller, while the other stays. */
import type { Check } from '../check.ts';
import { subnet } from '../lab.ts';
import { answered } from '../traffic.ts';
import { must, until } from '../wait.ts';

/** See the head of this file. */
export const authorisation: Check = {
  name: 'authorisation',
  run: async (lab, row) => {
    const { A, B } = lab.nodes;
    const toA = await lab.addressOf(A, `${subnet}.`);
    const toB = await lab.addressOf(B, `${subnet}.`);
    await row('B put out, until A refuses its frames', async () => {
      await lab.setMember(B, { authorized: false });
      return until('A does not answer B', 10, async () => !(await lab.reaches(B, toA)));
    });
    await row('B stays out', async () => {
      const { received } = await B.ping(toA, { count: 10, intervalSeconds: 0.5, waitSeconds: 1 });
      must(received === 0, `${received} of 10 answered`);
      return undefined;
    });
    await row('B is told', () =>
      // It asks each minute at the latest.
      until('B says that it is refused', 75, async () => (await lab.status(B)) === 'ACCESS_DENIED'),
    );
    await row('B let in again, until A answers', async () => {
      await lab.setMember(B, { authorized: true });
      return until('A answers B', 15, () => lab.reaches(B, toA));
    });
    await row('and both ways', async () => {
      await answered(B, toA);
      return answered(A, toB);
    });
  },
};
