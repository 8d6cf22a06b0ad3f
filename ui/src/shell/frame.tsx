/** What is around every page: where one is, where one can go, which service it is about, and whether it is live. */
import {
  Alert,
  AppShell,
  Burger,
  Button,
  Group,
  NativeSelect,
  NavLink,
  Text,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect, useRef, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';

import { ErrorBoundary } from '../components/error-boundary.tsx';
import { focusPage } from '../components/focus.ts';
import { useService } from '../service/service.tsx';
import { useOpenSession, useSession } from '../service/session.tsx';
import { strings } from '../strings.ts';
import { flush, useNotices } from './notices.tsx';

/** The parts of the page, in the order of the menu. */
const parts = ['networks', 'join', 'measure', 'node'] as const;

const schemes = ['auto', 'light', 'dark'] as const;

/** Puts a page into it. */
export function Frame({ children }: { readonly children: ReactNode }): ReactNode {
  const [isOpen, { toggle, close }] = useDisclosure(false);
  const { name, kind, events } = useService();
  const [location] = useLocation();
  useFocusOfPage(location);
  const { mayMeasure } = useOpenSession();
  const base = `/s/${encodeURIComponent(name)}`;
  const shown = parts.filter((part) => part !== 'measure' || mayMeasure);
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 200, breakpoint: 'sm', collapsed: { mobile: !isOpen } }}
      padding="md"
    >
      <Button component="a" href="#content" className="skip">
        {strings.skip}
      </Button>
      <AppShell.Header>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap">
            <Burger
              opened={isOpen}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={strings.menu}
              aria-expanded={isOpen}
            />
            <Text fw={700}>{strings.product}</Text>
          </Group>
          <ServiceSelect />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar
        p="xs"
        className="menu"
        data-open={isOpen || undefined}
        aria-label={strings.nav.label}
      >
        <AppShell.Section grow>
          {shown.map((part) => (
            <MenuLink
              key={part}
              href={`${base}/${part}`}
              label={strings.nav[part]}
              isActive={location.startsWith(`${base}/${part}`)}
              onClick={close}
            />
          ))}
        </AppShell.Section>
        <AppShell.Section>
          {kind === 'overspan' && (
            <MenuLink
              href={`${base}/tokens`}
              label={strings.nav.tokens}
              isActive={location === `${base}/tokens`}
              onClick={close}
            />
          )}
          <Appearance />
        </AppShell.Section>
      </AppShell.Navbar>
      <AppShell.Main id="content" tabIndex={-1}>
        {events === 'away' && (
          <Alert color="yellow" mb="md" role="status">
            {strings.eventsAway}
          </Alert>
        )}
        <ErrorBoundary at={location}>{children}</ErrorBoundary>
      </AppShell.Main>
    </AppShell>
  );
}

/** Who has gone to another page by the menu, or by a link that is not there any more, is in that page. */
function useFocusOfPage(location: string): void {
  const before = useRef(location);
  useEffect(() => {
    if (before.current === location) return;
    before.current = location;
    const focused = document.activeElement;
    if (focused === document.body || focused?.closest('nav') !== null) focusPage();
  }, [location]);
}

function MenuLink({
  href,
  label,
  isActive,
  onClick,
}: {
  readonly href: string;
  readonly label: string;
  readonly isActive: boolean;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <NavLink
      component={Link}
      variant="light"
      href={href}
      label={label}
      active={isActive}
      aria-current={isActive ? 'page' : undefined}
      onClick={onClick}
    />
  );
}

function ServiceSelect(): ReactNode {
  const { name } = useService();
  const { services } = useOpenSession();
  const [, go] = useLocation();
  const data = services.map((each) => ({
    value: each.name,
    label: `${each.name} (${strings.kinds[each.kind]})`,
  }));
  if (data.length < 2) return null;
  return (
    <NativeSelect
      aria-label={strings.service}
      data={data}
      value={name}
      onChange={(event) => {
        go(`/s/${encodeURIComponent(event.currentTarget.value)}/networks`);
      }}
    />
  );
}

function Appearance(): ReactNode {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const { info, signOut } = useSession();
  const { fail } = useNotices();
  return (
    <>
      <NativeSelect
        size="xs"
        label={strings.theme.label}
        data={schemes.map((value) => ({ value, label: strings.theme[value] }))}
        value={colorScheme}
        onChange={(event) => {
          const chosen = schemes.find((each) => each === event.currentTarget.value);
          if (chosen !== undefined) setColorScheme(chosen);
        }}
      />
      <Button
        fullWidth
        mt="xs"
        size="compact-sm"
        variant="subtle"
        onClick={() => {
          // What waits for being undone is done by who wanted it.
          flush().then(signOut).catch(fail);
        }}
      >
        {strings.signOut}
      </Button>
      <Text size="xs" c="dimmed" ta="center" mt="xs">
        {strings.product} {info?.version}
      </Text>
    </>
  );
}
