import { Compass } from 'lucide-react';
import { EmptyState } from '../parts/States.tsx';
import { TextLink } from '../parts/TextLink.tsx';
import { usePageTitle } from './page-title.ts';

export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <EmptyState icon={Compass} title="There is no page at this address">
      <p>
        Check the address, or go to the <TextLink href="/">overview</TextLink>.
      </p>
    </EmptyState>
  );
}
