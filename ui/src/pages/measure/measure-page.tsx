/** Measuring: the list of runs, starting one, one of them, two side by side. It is about this machine, not about a service. */
import './measure.css';

import { Text } from '@mantine/core';
import type { ReactNode } from 'react';

import { Empty } from '../../components/loaded.tsx';
import { useOpenSession } from '../../service/session.tsx';
import { decodePart } from '../../shell/decode-part.ts';
import { NotFound } from '../../shell/not-found.tsx';
import { strings } from '../../strings.ts';
import { RunForm } from './run-form.tsx';
import { RunPage } from './run-page.tsx';
import { RunsList } from './runs-list.tsx';
import { TwoRuns } from './two-runs.tsx';

/** @param path - what stands behind the address of this part. @param base - that address */
export function MeasurePage({
  path,
  base,
}: {
  readonly path: string;
  readonly base: string;
}): ReactNode {
  const { mayMeasure } = useOpenSession();
  if (!mayMeasure)
    return (
      <Empty title={strings.measure.denied}>
        <Text c="dimmed">{strings.measure.deniedHint}</Text>
      </Empty>
    );
  const parts = path.split('/').map(decodePart);
  if (parts.includes(null)) return <NotFound />;
  const [first, word, other] = parts;
  if (!first) return <RunsList base={base} />;
  if (first === 'new') return <RunForm base={base} />;
  if (word === 'beside' && other) return <TwoRuns key={path} ids={[first, other]} base={base} />;
  return <RunPage key={first} id={first} base={base} />;
}
