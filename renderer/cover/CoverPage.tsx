import { usePageView } from '../ui/bridge.ts';
import { words } from './words.ts';
import './cover.css';

/** What the other displays show while the gate is up: no name, nothing to do here. */
export function CoverPage() {
  const gate = usePageView()?.view?.gate;
  const school = gate === undefined || gate.phase === 'noPolicy' ? undefined : gate.policy.policy.schoolName;
  return (
    <main className="cover">
      <h1>{school ?? words.yourSchool}</h1>
      <p>{words.text}</p>
    </main>
  );
}
