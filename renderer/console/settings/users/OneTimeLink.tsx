import type { z } from 'zod';
import type { userLink } from '../../../../src/contract/console-access.ts';
import { Notice } from '../../../ui/index.ts';
import { CopyButton } from '../../parts/CopyButton.tsx';
import { Moment } from '../../parts/Moment.tsx';
import form from '../../parts/form.module.css';

/** A link that signs somebody in once, to be handed over. */
export function OneTimeLink({ link }: { link: z.output<typeof userLink> }) {
  return (
    <Notice tone="good" title="Hand this link over" role="status">
      <p>
        It is shown this once and works once, until <Moment at={link.expiresAt} />. Whoever opens it is that person:
        give it to them in person, or in a message only they read.
      </p>
      <p className={form['link']}>
        <code>{link.link}</code>
      </p>
      <CopyButton text={link.link} what="the link" label="Copy the link" />
    </Notice>
  );
}
