import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter';
import { meQuery } from './api/queries.ts';
import { failureOf } from './api/client.ts';
import { Live } from './api/Live.tsx';
import { AcceptancePage } from './acceptances/AcceptancePage.tsx';
import { DevicesPage, deviceViews } from './devices/DevicesPage.tsx';
import { EventsPage } from './events/EventsPage.tsx';
import { Frame } from './frame/Frame.tsx';
import { NotFoundPage } from './frame/NotFoundPage.tsx';
import { IntegrityPage, integrityViews } from './integrity/IntegrityPage.tsx';
import { AddMachinesPage } from './machines/AddMachinesPage.tsx';
import { FindingsPage } from './machines/FindingsPage.tsx';
import { MachinesPage } from './machines/MachinesPage.tsx';
import { OverviewPage } from './overview/OverviewPage.tsx';
import { Now } from './parts/Now.tsx';
import { ErrorState, LoadingLines } from './parts/States.tsx';
import { LeaversPage } from './people/LeaversPage.tsx';
import { PeoplePage } from './people/PeoplePage.tsx';
import { SecondSignaturesPage } from './people/SecondSignaturesPage.tsx';
import { ComparePage } from './policies/ComparePage.tsx';
import { DraftPage } from './policies/DraftPage.tsx';
import { PoliciesPage } from './policies/PoliciesPage.tsx';
import { PolicyPage } from './policies/PolicyPage.tsx';
import { SettingsPage } from './settings/SettingsPage.tsx';
import { SignInPage } from './sign-in/SignInPage.tsx';
import { keepWantedAddress, takeWantedAddress } from './sign-in/wanted-address.ts';

/** Where one sets up how to sign in. */
const setUpAddress = '/settings/you';

/** The whole console: sign-in, or the frame with the page the address names. */
export function Console() {
  return (
    <Now>
      <Switch>
        <Route path="/sign-in">
          <SignInPage />
        </Route>
        <Route>
          <SignedIn />
        </Route>
      </Switch>
    </Now>
  );
}

function SignedIn() {
  const me = useQuery(meQuery);
  const [path] = useLocation();
  if (me.isPending) return <LoadingLines lines={3} label="the console" />;
  if (me.isError) {
    if (failureOf(me.error).kind === 'notSignedIn') return <ToSignIn />;
    return (
      <main>
        <ErrorState error={me.error} onRetry={() => void me.refetch()} />
      </main>
    );
  }
  // Before there is a way to sign in again the server answers nothing but one's own account, so only that is here.
  const setUpFirst = me.data.setUp === 'needed';
  return (
    <Live on={!setUpFirst}>
      <Frame user={setUpFirst ? { ...me.data, permissions: [] } : me.data}>
        <Switch>
          {setUpFirst && path !== setUpAddress ? (
            <Route>
              <Redirect to={setUpAddress} replace />
            </Route>
          ) : null}
          <Route path="/">
            <ReturnToWantedAddress />
            <OverviewPage />
          </Route>
          <Route path="/people/second-signatures/:id?">
            {({ id }) => <SecondSignaturesPage openId={id ?? null} />}
          </Route>
          <Route path="/people/leavers/:id?">{({ id }) => <LeaversPage openId={id ?? null} />}</Route>
          <Route path="/people/:id?">{({ id }) => <PeoplePage openId={id ?? null} />}</Route>
          <Route path="/events">
            <EventsPage />
          </Route>
          <Route path="/machines/findings/:id?">{({ id }) => <FindingsPage openId={id ?? null} />}</Route>
          <Route path="/machines/add/:id?">{({ id }) => <AddMachinesPage openId={id ?? null} />}</Route>
          <Route path="/machines/:id?">{({ id }) => <MachinesPage openId={id ?? null} />}</Route>
          <Route path="/devices">
            <DevicesPage view="plugged" openId={null} />
          </Route>
          <Route path="/devices/:view/:id?">
            {({ view, id }) => {
              const known = deviceViews.find((one) => one === view);
              return known === undefined ? <NotFoundPage /> : <DevicesPage view={known} openId={id ?? null} />;
            }}
          </Route>
          <Route path="/policies">
            <PoliciesPage />
          </Route>
          <Route path="/policies/compare">
            <ComparePage />
          </Route>
          <Route path="/policies/drafts/:id">{({ id }) => <DraftPage id={id} />}</Route>
          <Route path="/policies/:hash">{({ hash }) => <PolicyPage hash={hash} />}</Route>
          <Route path="/integrity/:view?">
            {({ view }) => {
              const known = integrityViews.find(({ path }) => path === (view ?? ''));
              return known === undefined ? <NotFoundPage /> : <IntegrityPage view={known.path} />;
            }}
          </Route>
          <Route path="/settings/:section?/:id?">
            {({ section, id }) => <SettingsPage section={section ?? null} openId={id ?? null} />}
          </Route>
          <Route path="/acceptances/:id">{({ id }) => <AcceptancePage id={id} />}</Route>
          <Route>
            <NotFoundPage />
          </Route>
        </Switch>
      </Frame>
    </Live>
  );
}

/** Remembers where the person wanted to be, and shows how to sign in. */
function ToSignIn() {
  const [path, navigate] = useLocation();
  const search = useSearch();
  useEffect(() => {
    keepWantedAddress(window.localStorage, search === '' ? path : `${path}?${search}`, Date.now());
    navigate('/sign-in', { replace: true });
  }, [path, search, navigate]);
  return null;
}

/** Sign-in links lead to `/`; from there this goes on to where the person wanted to be. */
function ReturnToWantedAddress() {
  const [, navigate] = useLocation();
  useEffect(() => {
    const wanted = takeWantedAddress(window.localStorage, Date.now());
    if (wanted !== null) navigate(wanted, { replace: true });
  }, [navigate]);
  return null;
}
