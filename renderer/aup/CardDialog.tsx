import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';

export interface CardDialogProps {
  opened: boolean;
  onClose: () => void;
  title: string;
  /** What the closing button is called. */
  closeLabel: string;
  /** CSS width. */
  size: string;
  children: ReactNode;
}

/** A card over the policy. A click beside it does not close it: what was entered would seem to be gone. */
export function CardDialog({ closeLabel, children, ...modal }: CardDialogProps) {
  return (
    <Modal
      {...modal}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': closeLabel }}
      padding="xl"
      centered
      transitionProps={{ duration: 120 }}
      classNames={{ content: 'card', header: 'card-head', title: 'card-title', body: 'card-body' }}
    >
      {children}
    </Modal>
  );
}
