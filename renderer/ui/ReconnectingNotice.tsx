import { Notice } from './Notice.tsx';
import { uiWords } from './words.ts';

/** Why nothing can be sent just now, and that nothing is lost. */
export function ReconnectingNotice() {
  return (
    <Notice tone="warning" title={uiWords.reconnecting.title} role="status">
      {uiWords.reconnecting.text}
    </Notice>
  );
}
