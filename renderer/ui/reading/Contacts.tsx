import type { Policy } from '../../../src/contract/policy.ts';
import { Facts } from '../Facts.tsx';
import { readingWords, uiWords } from '../words.ts';

/** Whom the policy names for what; nothing where it names nobody. */
export function Contacts({ contacts }: { contacts: Policy['contacts'] }) {
  if (contacts.length === 0) return null;
  return (
    <section className="contacts" aria-labelledby="who-to-ask">
      <h2 id="who-to-ask">{readingWords.contacts}</h2>
      <Facts
        facts={contacts.map((contact) => ({
          name: uiWords.contactPurposes[contact.purpose],
          value: `${contact.label}: ${contact.how}`,
        }))}
      />
    </section>
  );
}
