import { useQuery, useQueryClient } from '@tanstack/react-query';
import { TriangleAlert } from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import { Redirect, useSearchParams } from 'wouter';
import { waysQuery } from '../access/access-queries.ts';
import { failureOf } from '../api/client.ts';
import { meQuery } from '../api/queries.ts';
import { Mark } from '../frame/Mark.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { LinkHelp } from './LinkHelp.tsx';
import { OtherWays } from './OtherWays.tsx';
import { PasswordForm } from './PasswordForm.tsx';
import { SecondFactorForm } from './SecondFactorForm.tsx';
import styles from './sign-in.module.css';

const problems: Record<string, { strong: string; text: string }> = {
  linkUsed: {
    strong: 'That link does not work any more.',
    text: 'Each link signs in once, within an hour of being made. You need a new one.',
  },
  provider: {
    strong: 'You were not signed in.',
    text: 'The other service did not say who you are, or nobody with your e-mail address was invited here. Ask an administrator of Usher.',
  },
};

/** How to get in: password and code, passkey, another service, or the one-time link. */
export function SignInPage() {
  const me = useQuery({ ...meQuery, refetchOnWindowFocus: 'always' });
  const ways = useQuery(waysQuery);
  const client = useQueryClient();
  const [search] = useSearchParams();
  const [step, setStep] = useState<'first' | 'secondFactor'>('first');
  useEffect(() => {
    document.title = 'Sign in · Usher';
  }, []);
  if (me.isSuccess) return <Redirect to="/" replace />;
  const problem = problems[search.get('problem') ?? ''];
  const failed = me.isError && failureOf(me.error).kind !== 'notSignedIn';
  const signedIn = (): void => void client.invalidateQueries({ queryKey: ['me'] });
  if (failed || ways.isError) {
    const retry = () => void Promise.all([me.refetch(), ways.refetch()]);
    return (
      <Card>
        <ErrorState error={failed ? me.error : ways.error} onRetry={retry} />
      </Card>
    );
  }
  if (ways.data === undefined) {
    return (
      <Card>
        <LoadingLines lines={4} label="the ways to sign in" />
      </Card>
    );
  }
  if (step === 'secondFactor') {
    return (
      <Card>
        <SecondFactorForm
          onSignedIn={signedIn}
          onBack={() => {
            setStep('first');
          }}
        />
      </Card>
    );
  }
  return (
    <Card>
      <h1>Sign in</h1>
      {problem === undefined ? null : (
        <div className={styles['problem']} role="alert">
          <TriangleAlert size={20} aria-hidden />
          <p>
            <strong>{problem.strong}</strong> {problem.text}
          </p>
        </div>
      )}
      {ways.data.password ? (
        <PasswordForm
          onNext={(next) => {
            if (next === 'secondFactor') setStep('secondFactor');
            else signedIn();
          }}
        />
      ) : null}
      <OtherWays ways={ways.data} onSignedIn={signedIn} />
      <LinkHelp open={search.get('problem') === 'linkUsed'} checking={me.isFetching} onCheck={signedIn} />
    </Card>
  );
}

function Card({ children }: { children: ReactNode }) {
  return (
    <main className={styles['page']}>
      <div className={styles['card']}>
        <p className={styles['brand']}>
          <Mark size={28} /> Usher
        </p>
        {children}
      </div>
    </main>
  );
}
