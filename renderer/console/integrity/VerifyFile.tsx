import { FileInput } from '@mantine/core';
import { useState } from 'react';
import { verifyFileBounds, type FileFinding } from '../../../src/contract/console-integrity.ts';
import { Notice } from '../../ui/index.ts';
import { Refusal } from '../parts/Refusal.tsx';
import { useVerifyFile } from './integrity-queries.ts';
import form from '../parts/form.module.css';

const megabytes = verifyFileBounds.bytes / 1024 / 1024;

/** Checks a file somebody has: a pack, or what `usher export` wrote on a machine. */
export function VerifyFile() {
  const [file, setFile] = useState<File | null>(null);
  const verify = useVerifyFile();
  const tooLarge = file !== null && file.size > verifyFileBounds.bytes;
  return (
    <section className={form['card']}>
      <h2>Verify a file</h2>
      <p className={form['soft']}>
        An evidence pack of this server, or what <code>usher export</code> wrote on a machine. Nothing of it is kept.
      </p>
      <div className={form['form']}>
        <FileInput
          label={`File, up to ${megabytes} MB`}
          placeholder="Choose a file"
          accept=".zip,.jsonl"
          value={file}
          clearable
          clearButtonProps={{ 'aria-label': 'Put the file away' }}
          error={tooLarge ? 'This file is too large for the browser. Use "usher verify" on a computer.' : undefined}
          onChange={(chosen) => {
            setFile(chosen);
            verify.reset();
            if (chosen !== null && chosen.size <= verifyFileBounds.bytes) verify.mutate(chosen);
          }}
        />
        {verify.isPending ? <p role="status">Checking…</p> : null}
        <Refusal error={verify.error} />
        {verify.data === undefined ? null : <Found found={verify.data} />}
      </div>
    </section>
  );
}

function Found({ found }: { found: FileFinding }) {
  const sound = found.outcome === 'sound';
  const reason = found.reason.charAt(0).toUpperCase() + found.reason.slice(1);
  return (
    <Notice tone={sound ? 'good' : 'refusal'} role={sound ? 'status' : 'alert'}>
      <strong>{sound ? 'Sound.' : 'Not sound.'}</strong> {reason}{' '}
      {sound ? `${found.records.toLocaleString('en-GB')} records.` : null}
      {found.at === null ? null : ` First bad record: ${found.at.seq} of epoch ${found.at.epoch}.`}
    </Notice>
  );
}
