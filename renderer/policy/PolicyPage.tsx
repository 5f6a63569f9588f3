import { FileQuestionMark, Hourglass } from 'lucide-react';
import { useMemo, useRef } from 'react';
import type { GateView } from '../../src/contract/session.ts';
import { contentsOf } from '../../src/rules/contents.ts';
import { minutesToRead } from '../../src/rules/reading-time.ts';
import { usePageView } from '../ui/bridge.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { CopyableCode, dateAndTimeOf, dateOf, shortHash, uiWords } from '../ui/index.ts';
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
  return <WholePolicy gate={view.gate} />;
}

function WholePolicy({ gate }: { gate: Exclude<GateView, { phase: 'noPolicy' }> }) {
  const { policy, hash, version, publishedAt } = gate.policy;
  const article = useRef<HTMLElement>(null);
  const noFooter = useRef<HTMLElement>(null);
  const sections = useMemo(() => shownSections(policy, null), [policy]);
  const contents = useMemo(() => contentsOf(sections), [sections]);
  const place = usePlace(article, noFooter, sections);
  const search = useSearch(sections, false);
  const readAloud = useReadAloud(sections, policy.language);
  const status = gate.phase === 'open' ? words.accepted(dateAndTimeOf(gate.receipt.acceptedAt)) : words.notAccepted;

  return (
    <ReadingPage
      school={policy.schoolName ?? words.yourSchool}
      title={policy.title}
      meta={`${uiWords.version(version)} · ${uiWords.minutes(minutesToRead(sections))}`}
      readAloud={readAloud}
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
