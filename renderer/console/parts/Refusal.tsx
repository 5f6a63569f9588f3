import { Notice } from '../../ui/index.ts';
import { failureOf } from '../api/client.ts';

/** Why a form was not taken, beside its button. */
export function Refusal({ error }: { error: unknown }) {
  if (error === null || error === undefined) return null;
  const failure = failureOf(error);
  const text =
    failure.kind === 'problem'
      ? failure.problem.detail
      : failure.kind === 'unreachable'
        ? 'The server cannot be reached, so nothing was changed. Try again.'
        : 'The answer could not be read. Reload the page to see what was kept.';
  return (
    <Notice tone="refusal" role="alert">
      {text}
    </Notice>
  );
}
