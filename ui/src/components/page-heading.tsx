/** The heading of a page, which is the title of the window as well. */
import { Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

import { strings } from '../strings.ts';

/** Has the window called so while a page is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${strings.product}`;
  }, [title]);
}

/** A page has one. @param children - in words */
export function PageHeading({
  size = 'h2',
  className,
  children,
}: {
  readonly size?: 'h2' | 'h3';
  readonly className?: string;
  readonly children: string;
}): ReactNode {
  usePageTitle(children);
  return (
    <Title order={1} size={size} className={className}>
      {children}
    </Title>
  );
}
