import { Hourglass } from 'lucide-react';
import { useMemo, useRef, useState } from 'react';
import type { Reading } from '../../src/contract/acceptance.ts';
import { contentsOf, entriesLeft } from '../../src/rules/contents.ts';
import { readingOutstanding } from '../../src/rules/reading-condition.ts';
import { minutesForTexts, minutesToRead } from '../../src/rules/reading-time.ts';
import { CalmPage } from '../ui/CalmPage.tsx';
import { AppearanceTools, uiWords, ReconnectingNotice } from '../ui/index.ts';
import {
  Contacts,
  ContentsList,
  depthOf,
  PolicyText,
  ReadingPage,
  SearchBox,
  shownSections,
  usePlace,
  useReadAloud,
  useSearch,
  type Reader,
} from '../ui/reading/index.ts';
import { readingWords } from '../ui/words.ts';
import { ask } from '../ui/bridge.ts';
import { AnswerBar } from './AnswerBar.tsx';
import { CheckDialog } from './CheckDialog.tsx';
import { DeclineDialog, type Decline } from './DeclineDialog.tsx';
import type { GateProps } from './Gate.tsx';
import { Intro } from './Intro.tsx';
import { SignForm } from './SignForm.tsx';
import { useEarlierVersion, type EarlierVersion } from './use-earlier-version.ts';
import { useReadingMeter } from './use-reading-meter.ts';
import { useRestoredPlace } from './use-restored-place.ts';
import { useChanges, WhatChanged } from './WhatChanged.tsx';
import { words } from './words.ts';

export interface GateReadingProps extends GateProps {
  reader: Reader;
  /** What was read before this came on screen. */
  start: Reading;
  /** Present where the policy asks who somebody is. */
  onChangeReader?: (latest: Reading) => void;
  decline: (reason: string, latest: Reading) => ReturnType<Decline>;
}

/** The policy on screen as soon as it is known what to show before it, so that nothing moves under somebody's eyes. */
export function GateReading(props: GateReadingProps) {
  const earlier = useEarlierVersion(props.gate);
  if (earlier.kind !== 'coming') return <MeasuredReading {...props} earlier={earlier} />;
  return (
    <div className="appears-late">
      <CalmPage title={words.changes.coming} icon={<Hourglass />} tools={<AppearanceTools />} />
    </div>
  );
}

/** The policy on screen, measured, with the answer below it. */
function MeasuredReading(props: GateReadingProps & { earlier: EarlierVersion }) {
  const {
    gate,
    account,
    connected,
    replaced,
    recordedBefore,
    reader,
    start,
    onChangeReader,
    draft,
    onDraft,
    submit,
    decline,
    earlier,
  } = props;
  const { policy, hash, version } = gate.policy;
  const [dialog, setDialog] = useState<'none' | 'check' | 'form' | 'decline'>('none');
  const article = useRef<HTMLElement>(null);
  const footer = useRef<HTMLElement>(null);

  const sections = useMemo(() => shownSections(policy, reader), [policy, reader]);
  const contents = useMemo(() => contentsOf(sections), [sections]);
  const place = usePlace(article, footer, sections);
  const search = useSearch(sections, dialog !== 'none');
  const readAloud = useReadAloud(sections, policy.language);
  const changed = useRef<HTMLElement>(null);
  const changes = useChanges(earlier, policy, reader);
  const changesDepth = () => (changed.current === null ? null : depthOf(changed.current, footer.current));
  const enough = changes !== null && policy.reading.changesSuffice !== undefined;
  const minutes = useMemo(
    () =>
      enough
        ? minutesForTexts(changes.items.flatMap(({ runs }) => runs.map(({ text }) => text)))
        : minutesToRead(sections),
    [changes, enough, sections],
  );
  const reading = useReadingMeter(hash, start, { ...place, changesDepth }, dialog === 'none');
  useRestoredPlace(article, start.depthPercent);

  const outstanding = readingOutstanding(policy.reading, reading, changes !== null);
  const school = policy.schoolName ?? words.yourSchool;

  return (
    <ReadingPage
      school={school}
      title={policy.title}
      meta={[
        ...(gate.place.of > 1 ? [words.place(gate.place.number, gate.place.of)] : []),
        uiWords.version(version),
        uiWords.minutes(minutes),
      ].join(' · ')}
      readAloud={readAloud}
      currentSection={place.section}
      banner={connected ? undefined : <ReconnectingNotice />}
      search={<SearchBox search={search} />}
      contents={
        <ContentsList
          contents={contents}
          current={place.section}
          sectionsRead={reading.sectionsRead}
          depthPercent={reading.depthPercent}
        />
      }
      footerRef={footer}
      footer={
        <AnswerBar
          outstanding={outstanding}
          sectionsLeft={entriesLeft(contents, reading.sectionsRead)}
          connected={connected}
          postponableUntil={gate.postponableUntil}
          postpone={() => ask((shell) => shell.postpone({ policyHash: hash }))}
          onAccept={() => {
            readAloud.stop();
            setDialog(gate.check === null || gate.check.passed ? 'form' : 'check');
          }}
          onDecline={() => {
            readAloud.stop();
            setDialog('decline');
          }}
        />
      }
    >
      <Intro
        gate={gate}
        minutes={minutes}
        reader={reader}
        restored={start.depthPercent > 0}
        replaced={replaced}
        recordedBefore={recordedBefore}
        {...(onChangeReader === undefined ? {} : { onChangeReader: () => onChangeReader(reading) })}
      />
      <WhatChanged
        earlier={earlier}
        changes={changes}
        policy={policy}
        acceptedAt={gate.previous?.acceptedAt ?? ''}
        ref={changed}
      />
      <PolicyText
        ref={article}
        sections={sections}
        language={policy.language}
        search={search}
        speaking={readAloud.clause}
        withAudiences={false}
      />
      <p className="policy-end">{readingWords.end}</p>
      <Contacts contacts={policy.contacts} />
      <SignForm
        opened={dialog === 'form'}
        policy={policy}
        policyHash={hash}
        account={account}
        reader={reader}
        reading={reading}
        changesShown={changes !== null}
        connected={connected}
        draft={draft}
        onDraft={onDraft}
        onClose={() => setDialog('none')}
        submit={submit}
      />
      {policy.check !== undefined && (
        <CheckDialog
          opened={dialog === 'check'}
          policy={policy}
          check={policy.check}
          connected={connected}
          onClose={() => setDialog('none')}
          answer={(answers) => ask((shell) => shell.answerCheck({ policyHash: hash, answers }))}
          onPassed={() => setDialog('form')}
        />
      )}
      <DeclineDialog
        way={policy.decline ?? null}
        opened={dialog === 'decline'}
        connected={connected}
        onClose={() => setDialog('none')}
        decline={(reason) => decline(reason, reading)}
      />
    </ReadingPage>
  );
}
