import { Button } from '@mantine/core';
import { FileText } from 'lucide-react';
import { privacyPaths } from '../../../../src/contract/console-privacy.ts';
import { address } from '../../api/address.ts';
import form from '../../parts/form.module.css';
import styles from './privacy.module.css';

/** The data protection impact assessment, made when it is asked for. */
export function Assessment() {
  const href = (format: 'docx' | 'html') => address(privacyPaths.assessment, {}, { format });
  return (
    <section className={styles['part']} aria-labelledby="assessment">
      <h2 id="assessment">Data protection impact assessment</h2>
      <p>
        A document along the steps of the ICO’s template, filled in from what is set now: what is recorded and why, how
        long each school keeps it, how many people have which role, where data goes, and what the policy makes machines
        do. Boxes are left for what only the school can answer.
      </p>
      <div className={form['formFoot']}>
        <Button component="a" href={href('docx')} download leftSection={<FileText size={16} aria-hidden />}>
          Save as a Word document
        </Button>
        <Button component="a" href={href('html')} target="_blank" rel="noreferrer" variant="default">
          Open to read or print
        </Button>
      </div>
      <p className={form['soft']}>No names are in it. Make it again when settings have changed.</p>
    </section>
  );
}
