import { FileQuestionMark, Hourglass } from 'lucide-react';
import { useMemo, useRef, useState, type ReactNode } from 'react';
import type { SignedPolicy } from '../../src/contract/policy.ts';
import type { Problem } from '../../src/contract/problem.ts';
import type { PolicyStanding } from '../../src/contract/session.ts';
import { contentsOf } from '../../src/rules/contents.ts';
import { minutesToRead } from '../../src/rules/reading-time.ts';
import { ask, usePageView } from '../ui/bridge.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { CopyableCode, dateAndTimeOf, dateOf, Notice, shortHash, uiWords } from '../ui/index.ts';
import {
  Contacts,
  ContentsList,
  PolicyText,
  ReadingPage,
  SearchBox,
  shownSections,
  usePlace,
  useReadAloud,
  useSearch,
} from '../ui/reading/index.ts';
import { readingWords } from '../ui/words.ts';
import { words } from './words.ts';
import './policy.css';

/** The policy in force, to look something up: the whole document, whoever it is for. */
export function PolicyPage() {
  const view = usePageView()?.view ?? null;
  if (view === null) {
    return (
      <CalmPage title={uiWords.waiting.title} icon={<Hourglass />}>
        <p>{uiWords.waiting.text}</p>
      </CalmPage>
    );
  }
  if (view.gate.phase === 'noPolicy') {
    return (
      <CalmPage title={uiWords.noPolicy.title} icon={<FileQuestionMark />}>
        <p>{uiWords.noPolicy.text}</p>
      </CalmPage>
    );
  }
  return <ChosenPolicy shown={view.gate.policy} policies={view.policies} />;
}

/** One of the policies in force: the one that matters most here to start with, any other by its name. */
function ChosenPolicy({ shown, policies }: { shown: SignedPolicy; policies: readonly PolicyStanding[] }) {
  const [wanted, setWanted] = useState<string | null>(null);
  const [fetched, setFetched] = useState<SignedPolicy | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  // What is no longer in force gives way to what is.
  const hash = policies.some((one) => one.hash === wanted) ? wanted : null;
  const signed = hash === null || hash === shown.hash ? shown : fetched?.hash === hash ? fetched : null;

  const choose = async (next: string) => {
    setProblem(null);
    if (next !== shown.hash) {
      const outcome = await ask((shell) => shell.policyText({ policyHash: next }));
      if (!outcome.ok) return setProblem(outcome.problem);
      setFetched(outcome.value);
    }
    setWanted(next);
  };
  const current = signed ?? shown;
  return (
    <WholePolicy
      key={current.hash}
      signed={current}
      standing={policies.find((one) => one.hash === current.hash) ?? null}
      banner={
        policies.length < 2 ? undefined : (
          <nav className="policy-chooser" aria-label={words.inForce(policies.length)}>
            <p>{words.inForce(policies.length)}</p>
            {policies.map((one) => (
              <button
                key={one.hash}
                type="button"
                className="policy-choice"
                aria-current={one.hash === current.hash}
                onClick={() => void choose(one.hash)}
              >
                {one.title}
              </button>
            ))}
            {problem !== null && (
              <Notice tone="refusal" role="alert">
                {problem.detail}
              </Notice>
            )}
          </nav>
        )
      }
    />
  );
}

interface WholePolicyProps {
  signed: SignedPolicy;
  standing: PolicyStanding | null;
  banner: ReactNode;
}

function WholePolicy({ signed, standing, banner }: WholePolicyProps) {
  const { policy, hash, version, publishedAt } = signed;
  const article = useRef<HTMLElement>(null);
  const noFooter = useRef<HTMLElement>(null);
  const sections = useMemo(() => shownSections(policy, null), [policy]);
  const contents = useMemo(() => contentsOf(sections), [sections]);
  const place = usePlace(article, noFooter, sections);
  const search = useSearch(sections, false);
  const readAloud = useReadAloud(sections, policy.language);
  const status = statusWords(standing);

  return (
    <ReadingPage
      school={policy.schoolName ?? words.yourSchool}
      title={policy.title}
      meta={`${uiWords.version(version)} · ${uiWords.minutes(minutesToRead(sections))}`}
      readAloud={readAloud}
      banner={banner}
      currentSection={place.section}
      search={<SearchBox search={search} />}
      contents={<ContentsList contents={contents} current={place.section} sectionsRead={null} depthPercent={0} />}
    >
      <div className="policy-intro">
        <h1 id="policy-title" tabIndex={-1}>
          {policy.title}
        </h1>
        <p className="policy-lead">{status}</p>
        <p className="policy-small">
          {words.published(dateOf(publishedAt))} {words.fingerprint}{' '}
          <CopyableCode value={hash} short={shortHash(hash)} what={words.fingerprintName} />
        </p>
      </div>
      <PolicyText
        ref={article}
        sections={sections}
        language={policy.language}
        search={search}
        speaking={readAloud.clause}
        withAudiences
      />
      <p className="policy-end">{readingWords.end}</p>
      <Contacts contacts={policy.contacts} />
    </ReadingPage>
  );
}

function statusWords(standing: PolicyStanding | null): string {
  if (standing === null) return words.notAccepted;
  const { state, receipt, until, counterSignature } = standing;
  switch (state) {
    case 'accepted': {
      const accepted = receipt === null ? words.notAccepted : words.accepted(dateAndTimeOf(receipt.acceptedAt));
      return counterSignature === null ? accepted : `${accepted} ${words.second[counterSignature]}`;
    }
    case 'postponed':
      return until === null ? words.notAccepted : words.postponed(dateOf(until));
    case 'notYet':
      return until === null ? words.notAccepted : words.notYet(dateOf(until));
    case 'forOthers':
      return words.forOthers;
    case 'limited':
    case 'declined':
    case 'asked':
      return words.notAccepted;
  }
}
