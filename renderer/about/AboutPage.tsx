import { usePageView } from '../ui/bridge.ts';
import { CopyableCode, Facts, Notice, shortHash, uiWords } from '../ui/index.ts';
import { OrdinaryPage } from '../ui/OrdinaryPage.tsx';
import { syncInWords } from './sync-words.ts';
import { recordedKinds, words } from './words.ts';
import './about.css';

/** What Usher is on this computer, and what it records about the person and why. */
export function AboutPage() {
  const pageView = usePageView();
  const view = pageView?.view ?? null;
  const away = pageView?.service === 'reconnecting';
  return (
    <OrdinaryPage title={words.title} lead={words.lead}>
      <div className="about">
        <section aria-labelledby="about-state">
          <h2 id="about-state">{words.state}</h2>
          {away && <Notice tone="warning" title={words.away} role="status" />}
          {view === null ? (
            !away && <p role="status">{uiWords.waiting.text}</p>
          ) : (
            <Facts
              facts={[
                { name: words.version, value: view.agentVersion },
                { name: words.machine, value: view.hostname },
                { name: words.account, value: accountWords(view.account) },
                {
                  name: words.policy,
                  value:
                    view.policies.length === 0
                      ? words.noPolicy
                      : view.policies.map(({ title, version, hash }) => (
                          <div key={hash}>
                            {words.policyOf(title, version)}{' '}
                            <CopyableCode value={hash} short={shortHash(hash)} what={words.fingerprintName} />
                          </div>
                        )),
                },
                { name: words.sync, value: syncInWords(view.sync, new Date()) },
              ]}
            />
          )}
        </section>
        <section aria-labelledby="about-you">
          <h2 id="about-you">{words.you}</h2>
          <KindList about="you" />
          <p className="about-small">{words.with}</p>
        </section>
        <section aria-labelledby="about-not">
          <h2 id="about-not">{words.not}</h2>
          <p>{words.notText}</p>
        </section>
        <section aria-labelledby="about-kept">
          <h2 id="about-kept">{words.kept}</h2>
          <p>{words.keptText}</p>
        </section>
        <section aria-labelledby="about-computer">
          <h2 id="about-computer">{words.computer}</h2>
          <KindList about="computer" />
        </section>
      </div>
    </OrdinaryPage>
  );
}

function KindList({ about }: { about: 'you' | 'computer' }) {
  return (
    <ul className="kinds">
      {Object.entries(recordedKinds)
        .filter(([, kind]) => kind.about === about)
        .map(([type, kind]) => (
          <li key={type}>
            <p>{kind.what}</p>
            <p className="kind-why">{kind.why}</p>
          </li>
        ))}
    </ul>
  );
}

const accountWords = ({ name, fullName }: { name: string; fullName: string }): string =>
  fullName === '' || fullName === name ? name : `${fullName} (${name})`;
