import { Button } from '@mantine/core';
import { FileCheck2 } from 'lucide-react';
import { integrityPaths, type IntegrityState } from '../../../src/contract/console-integrity.ts';
import { address } from '../api/address.ts';
import { Hash } from '../parts/Hash.tsx';
import { Moment } from '../parts/Moment.tsx';
import { EmptyState } from '../parts/States.tsx';
import styles from './integrity.module.css';

/** What was signed over the log, newest first. */
export function Checkpoints({ state }: { state: IntegrityState }) {
  if (state.checkpoints.length === 0)
    return (
      <EmptyState icon={FileCheck2} title="No checkpoint yet">
        <p>The first is made within minutes of the first records, and then whenever something new arrived.</p>
      </EmptyState>
    );
  return (
    <>
      <p className={styles['lead']}>
        A checkpoint fixes every receipt the server ever gave. Keep one somewhere else, or run{' '}
        <code>usher verify --remember FILE</code> from time to time: a history written anew cannot go on from it.
      </p>
      <table className={styles['plainTable']}>
        <thead>
          <tr>
            <th scope="col">Made</th>
            <th scope="col">Entries</th>
            <th scope="col">Root</th>
            <th scope="col">Witness</th>
            <th scope="col">
              <span className="visually-hidden">File</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {state.checkpoints.map(({ size, at, root, witnesses }) => (
            <tr key={size}>
              <td>
                <Moment at={at} as="ago" />
              </td>
              <td>{size.toLocaleString('en-GB')}</td>
              <td>
                <Hash value={root} what="the root" />
              </td>
              <td>{witnesses.length === 0 ? '–' : witnesses.join(', ')}</td>
              <td>
                <Button
                  component="a"
                  variant="default"
                  size="xs"
                  href={address(integrityPaths.checkpointOf, { size: String(size) })}
                  download={`checkpoint-${size}.txt`}
                >
                  Keep<span className="visually-hidden"> the checkpoint of {size} entries</span>
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
