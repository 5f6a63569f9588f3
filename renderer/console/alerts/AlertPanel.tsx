import type { AlertRow } from '../../../src/contract/console-alerts.ts';
import { Fact, Facts } from '../parts/Facts.tsx';
import { Moment } from '../parts/Moment.tsx';
import { PanelPart, SidePanel } from '../parts/SidePanel.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { DeliveryChip } from './alert-columns.tsx';
import form from '../parts/form.module.css';
import styles from './alerts.module.css';

/** One alert and what became of it, receiver by receiver. */
export function AlertPanel({ alert, onClose }: { alert: AlertRow; onClose: () => void }) {
  return (
    <SidePanel kind="Alert" title={alert.rule} onClose={onClose}>
      <p>{alert.sentence}</p>
      <Facts>
        <Fact label="When">
          <Moment at={alert.at} as="full" />
        </Fact>
        <Fact label="How often">{alert.count === 1 ? 'once' : `${String(alert.count)} times`}</Fact>
      </Facts>
      <p>
        <TextLink href={alert.href}>Open what it is about</TextLink>
      </p>
      <PanelPart title="Delivery">
        {alert.deliveries.length === 0 ? (
          <p>The rule had no channel, so it is shown here only.</p>
        ) : (
          <ul className={styles['deliveries']}>
            {alert.deliveries.map((delivery) => (
              <li key={delivery.channel}>
                <div>{delivery.channel}</div>
                <DeliveryChip states={[delivery.state]} />
                <p className={form['soft']}>
                  {delivery.attempts === 1 ? '1 try' : `${String(delivery.attempts)} tries`}
                  {delivery.at === null ? null : (
                    <>
                      , <Moment at={delivery.at} as="full" />
                    </>
                  )}
                </p>
                {delivery.error === null ? null : <p className={form['soft']}>{delivery.error}</p>}
              </li>
            ))}
          </ul>
        )}
      </PanelPart>
    </SidePanel>
  );
}
