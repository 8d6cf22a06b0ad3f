/**
 * The report of a run, which is the same file that `overspan report` writes: in a frame without scripts, as high as it is, in the
 * colours of the page.
 */
import { Skeleton, useComputedColorScheme, VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState, type ReactNode } from 'react';

import { Problem } from '../../components/problem.tsx';
import { useReport } from '../../service/runs.ts';
import { strings } from '../../strings.ts';

const words = strings.measure;

/** The report; it is made first where it is not there yet. */
export function ReportFrame({ id }: { readonly id: string }): ReactNode {
  const { data, error, refetch } = useReport(id);
  if (error !== null) return <Problem error={error} onRetry={() => void refetch()} />;
  if (data === undefined)
    return (
      <div aria-busy="true">
        <VisuallyHidden>{words.making}</VisuallyHidden>
        <Skeleton height={320} />
      </div>
    );
  return <Frame id={id} url={data} />;
}

function Frame({ id, url }: { readonly id: string; readonly url: string }): ReactNode {
  const frame = useRef<HTMLIFrameElement>(null);
  const theme = useComputedColorScheme('light');
  const [page, setPage] = useState<HTMLElement | null>(null);
  const [height, setHeight] = useState(0);
  useEffect(() => {
    if (page === null) return undefined;
    page.dataset['framed'] = '';
    page.dataset['theme'] = theme;
    const body = page.querySelector('main') ?? page;
    const watch = new ResizeObserver(() => {
      setHeight(Math.ceil(body.getBoundingClientRect().height) + 8);
    });
    watch.observe(body);
    return () => {
      watch.disconnect();
    };
  }, [page, theme]);
  return (
    <iframe
      ref={frame}
      className="report"
      title={words.reportOf(id)}
      src={url}
      // Ours may look into it, to fit it in; nothing in it runs.
      sandbox="allow-same-origin"
      height={Math.max(height, 240)}
      data-ready={height > 0}
      onLoad={() => {
        setPage(frame.current?.contentDocument?.documentElement ?? null);
      }}
    />
  );
}
