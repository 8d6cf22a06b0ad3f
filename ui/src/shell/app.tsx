/** The frame of the page: which part is shown at which address, and what is around it. */
import { Center, Loader } from '@mantine/core';
import { lazy, Suspense, type ReactNode } from 'react';
import { Redirect, Route, Switch } from 'wouter';

import { parseAddress, parseNetworkId } from '../../../src/base/ids.ts';
import { Problem } from '../components/problem.tsx';
import { ServiceProvider } from '../service/service.tsx';
import { useOpenSession, useSession } from '../service/session.tsx';
import { strings } from '../strings.ts';
import { decodePart } from './decode-part.ts';
import { Frame } from './frame.tsx';
import { NotFound } from './not-found.tsx';
import { SignIn } from './sign-in.tsx';

const NetworksPage = lazy(async () => {
  const { NetworksPage: page } = await import('../pages/networks/networks-page.tsx');
  return { default: page };
});
const NetworkPage = lazy(async () => {
  const { NetworkPage: page } = await import('../pages/network/network-page.tsx');
  return { default: page };
});
const MemberPage = lazy(async () => {
  const { MemberPage: page } = await import('../pages/member/member-page.tsx');
  return { default: page };
});
const MeasurePage = lazy(async () => {
  const { MeasurePage: page } = await import('../pages/measure/measure-page.tsx');
  return { default: page };
});
const TokensPage = lazy(async () => {
  const { TokensPage: page } = await import('../pages/tokens/tokens-page.tsx');
  return { default: page };
});

const JoinPage = lazy(async () => {
  const { JoinPage: page } = await import('../pages/join/join-page.tsx');
  return { default: page };
});
const NodePage = lazy(async () => {
  const { NodePage: page } = await import('../pages/node/node-page.tsx');
  return { default: page };
});

/** All of it. */
export function App(): ReactNode {
  const { info, again } = useSession();
  if (info === undefined)
    return (
      <Center mih="100vh">
        <Loader aria-label={strings.loading} />
      </Center>
    );
  if (info === null)
    return (
      <Center mih="100vh" p="md">
        <Problem error={new Error(strings.signIn.noServer)} onRetry={again} />
      </Center>
    );
  if (info.session === null) return <SignIn hint={info.hint} />;
  return <SignedIn />;
}

function SignedIn(): ReactNode {
  const { services } = useOpenSession();
  const [first] = services;
  return (
    <Switch>
      <Route path="/s/:service/*?">
        {({ service: name }) => {
          const service = services.find((each) => each.name === decodePart(name));
          if (service === undefined) return <NotFound />;
          return (
            <ServiceProvider key={service.name} {...service}>
              <Frame>
                <Suspense fallback={<Loader aria-label={strings.loading} />}>
                  <Pages base={`/s/${name}`} />
                </Suspense>
              </Frame>
            </ServiceProvider>
          );
        }}
      </Route>
      <Route path="/measure/*?">
        {({ '*': path }) =>
          first === undefined ? (
            <NotFound />
          ) : (
            <Redirect to={`/s/${encodeURIComponent(first.name)}/measure/${path ?? ''}`} replace />
          )
        }
      </Route>
      <Route>
        {first === undefined ? (
          <NotFound />
        ) : (
          <Redirect to={`/s/${encodeURIComponent(first.name)}/networks`} replace />
        )}
      </Route>
    </Switch>
  );
}

function Pages({ base }: { readonly base: string }): ReactNode {
  return (
    <Switch>
      <Route path="/s/:service">
        <Redirect to={`${base}/networks`} replace />
      </Route>
      <Route path="/s/:service/networks">
        <NetworksPage />
      </Route>
      <Route path="/s/:service/join">
        <JoinPage />
      </Route>
      <Route path="/s/:service/node/*?">
        <NodePage />
      </Route>
      <Route path="/s/:service/networks/:network/members/:member">
        {({ network, member }) => {
          const [id, address] = [parseNetworkId(network), parseAddress(member)];
          if (id === null || address === null) return <NotFound />;
          return <MemberPage key={`${network} ${member}`} id={id} address={address} />;
        }}
      </Route>
      <Route path="/s/:service/networks/:network/*?">
        {({ network }) => {
          const id = parseNetworkId(network);
          return id === null ? <NotFound /> : <NetworkPage key={network} id={id} />;
        }}
      </Route>
      <Route path="/s/:service/measure/*?">
        {({ '*': path }) => <MeasurePage path={path ?? ''} base={`${base}/measure`} />}
      </Route>
      <Route path="/s/:service/tokens">
        <TokensPage />
      </Route>
      <Route>
        <NotFound />
      </Route>
    </Switch>
  );
}
