/** Says that an address leads to nothing. */
import { Button, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { Link } from 'wouter';

import { PageHeading } from '../components/page-heading.tsx';
import { strings } from '../strings.ts';

/** In place of a page. */
export function NotFound(): ReactNode {
  return (
    <Stack align="center" py="xl">
      <PageHeading size="h3">{strings.notFound}</PageHeading>
      <Button component={Link} href="/" variant="default">
        {strings.toNetworks}
      </Button>
    </Stack>
  );
}
