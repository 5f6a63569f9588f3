import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import { integrityPaths } from '../../../src/contract/console-integrity.ts';
import { privacyPaths } from '../../../src/contract/console-privacy.ts';
import { address } from '../api/address.ts';
import { takeFile } from '../api/client.ts';

/** Makes the archive of everything about one person and hands it to the browser as a download. @returns its name. */
export const useEverythingAbout = (personId: string): UseMutationResult<string, unknown, string> =>
  useMutation({
    mutationFn: (reason: string) =>
      takeFile(address(privacyPaths.export, { id: personId }), { reason }, 'everything-about-one-person.zip'),
  });

/** Before anything that Usher can have recorded. */
const beforeEverything = '2000-01-01T00:00:00.000Z';

/** Makes an evidence pack with every record about one person and hands it to the browser. @returns its name. */
export const usePersonPack = (personId: string): UseMutationResult<string, unknown, string> =>
  useMutation({
    mutationFn: (reason: string) => {
      const wish = { personId, from: beforeEverything, to: new Date().toISOString(), reason };
      return takeFile(integrityPaths.personPack, wish, 'evidence-person.zip');
    },
  });
