import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, CircleHelp, TriangleAlert } from 'lucide-react';
import type { MachineDetail } from '../../../src/contract/console.ts';
import { checkName } from '../../../src/words/check-words.ts';
import { machineQuery } from '../api/queries.ts';
import { Chip, type Tone } from '../parts/Chip.tsx';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart } from '../parts/SidePanel.tsx';
import { ErrorState, LoadingLines } from '../parts/States.tsx';
import { isGrave, troubleWords } from './machine-words.ts';
import styles from './machines.module.css';

type Check = NonNullable<MachineDetail['posture']>['checks'][number];

const stateLooks: Record<Check['state'], { icon: typeof CircleCheck; tone: Tone; word: string }> = {
  good: { icon: CircleCheck, tone: 'good', word: 'good' },
  bad: { icon: TriangleAlert, tone: 'warning', word: 'bad' },
  unknown: { icon: CircleHelp, tone: 'plain', word: 'not known' },
};

/** Who is at a machine, what is wrong there, how it is protected and what it is made of. */
export function MachineCondition({ id }: { id: string }) {
  const machine = useQuery(machineQuery(id));
  if (machine.isPending) return <LoadingLines lines={4} label="how this machine is" />;
  if (machine.data === undefined) {
    return <ErrorState error={machine.error} onRetry={() => void machine.refetch()} />;
  }
  const { sessions, troubles, posture, inventory } = machine.data;
  return (
    <>
      {troubles.length === 0 ? null : <Troubles troubles={troubles} />}
      <PanelPart title="Signed in">
        {sessions.length === 0 ? (
          <p>Nobody, as far as its events have arrived.</p>
        ) : (
          <Facts>
            {sessions.map(({ accountName, since, lockedSince }) => (
              <Fact key={`${accountName} ${since}`} label={accountName}>
                since <Moment at={since} />
                {lockedSince === null ? null : (
                  <>
                    , locked since <Moment at={lockedSince} />
                  </>
                )}
              </Fact>
            ))}
          </Facts>
        )}
      </PanelPart>
      <PanelPart title="Protection">
        {posture === null ? (
          <p>It has not said yet how it is protected. It does a minute after it starts, and every six hours.</p>
        ) : (
          <Checks posture={posture} />
        )}
      </PanelPart>
      {inventory === null ? null : <Made inventory={inventory} />}
    </>
  );
}

function Troubles({ troubles }: Pick<MachineDetail, 'troubles'>) {
  return (
    <PanelPart title="Wrong on this machine">
      <ul className={styles['troubles']}>
        {troubles.map(({ kind, detail, since }) => (
          <li key={`${kind} ${since}`}>
            <span>
              <Chip icon={isGrave(kind) ? CircleAlert : TriangleAlert} tone={isGrave(kind) ? 'refusal' : 'warning'}>
                {troubleWords[kind]}
              </Chip>{' '}
              since <Moment at={since} />
            </span>
            <p className={styles['detail']}>{detail}</p>
          </li>
        ))}
      </ul>
    </PanelPart>
  );
}

function Checks({ posture }: { posture: NonNullable<MachineDetail['posture']> }) {
  return (
    <>
      <Facts>
        {posture.checks.map(({ name, state, detail }) => {
          const { icon, tone, word } = stateLooks[state];
          return (
            <Fact key={name} label={checkName(name)}>
              <Chip icon={icon} tone={tone}>
                {word}
              </Chip>
              <p className={styles['detail']}>{detail}</p>
            </Fact>
          );
        })}
      </Facts>
      <p>
        As it was <Moment at={posture.at} />.
      </p>
    </>
  );
}

function Made({ inventory }: { inventory: NonNullable<MachineDetail['inventory']> }) {
  const { manufacturer, model, serial, kernel, processor, processorCores, memoryMiB, disks, systemVolume, battery } =
    inventory;
  return (
    <PanelPart title="Inventory">
      <Facts>
        <Fact label="Maker">{[manufacturer, model].filter((part) => part !== null).join(' ') || 'not known'}</Fact>
        <Fact label="Serial">{serial ?? 'not known'}</Fact>
        <Fact label="Kernel">{kernel}</Fact>
        <Fact label="Processor">
          {processor}, {processorCores} {processorCores === 1 ? 'core' : 'cores'}
        </Fact>
        <Fact label="Memory">{(memoryMiB / 1_024).toFixed(1)} GiB</Fact>
        {disks.map(({ name, kind, sizeGiB }, index) => (
          <Fact key={`${name} ${String(index)}`} label={index === 0 ? 'Disks' : ''}>
            {name} ({kind === '' ? 'disk' : kind}), {Math.round(sizeGiB)} GiB
          </Fact>
        ))}
        {systemVolume === null ? null : (
          <Fact label="System volume">
            {Math.round(systemVolume.sizeGiB)} GiB, about {systemVolume.freePercent} % free
          </Fact>
        )}
        {typeof battery?.healthPercent !== 'number' ? null : (
          <Fact label="Battery">{battery.healthPercent} % of its first capacity</Fact>
        )}
      </Facts>
      <p>
        As it was <Moment at={inventory.at} />.
      </p>
    </PanelPart>
  );
}
