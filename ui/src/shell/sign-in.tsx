/** Signing in with a token; it goes to the server in the body of a request and is kept nowhere. */
import {
  Alert,
  Button,
  Card,
  Center,
  Code,
  PasswordInput,
  Stack,
  Text,
  Title,
} from '@mantine/core';
import { useState, type ReactNode } from 'react';

import { usePageTitle } from '../components/page-heading.tsx';
import { SignInError, useSession } from '../service/session.tsx';
import { strings } from '../strings.ts';

/** The form. @param hint - where a token is found */
export function SignIn({ hint }: { readonly hint: string }): ReactNode {
  const { signIn } = useSession();
  usePageTitle(strings.signIn.title);
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const submit = async (): Promise<void> => {
    setIsBusy(true);
    setProblem(null);
    try {
      await signIn(token);
    } catch (error) {
      setProblem(error instanceof SignInError ? error.message : strings.signIn.noServer);
      setIsBusy(false);
    }
  };
  return (
    <Center mih="100vh" p="md">
      <Card component="main" withBorder shadow="sm" padding="lg" maw={440} w="100%">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <Stack>
            <Title order={1} size="h2">
              {strings.product}
            </Title>
            <Text>{hinted(strings.signIn.hint(hint))}</Text>
            <PasswordInput
              label={strings.signIn.token}
              value={token}
              autoComplete="current-password"
              data-autofocus
              autoFocus
              required
              withAsterisk={false}
              onChange={(event) => {
                setToken(event.currentTarget.value);
              }}
            />
            {problem !== null && (
              <Alert color="red" role="alert">
                {problem}
              </Alert>
            )}
            <Button type="submit" loading={isBusy}>
              {strings.signIn.action}
            </Button>
          </Stack>
        </form>
      </Card>
    </Center>
  );
}

/** Words between backticks are for typing. */
function hinted(text: string): ReactNode {
  return text.split('`').map((part, i) => (i % 2 === 1 ? <Code key={part}>{part}</Code> : part));
}
