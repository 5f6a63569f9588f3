import { Button } from '@mantine/core';
import { RotateCw } from 'lucide-react';
import { Component, StrictMode, type ReactNode } from 'react';
import { createRoot } from 'react-dom/client';
import { bridge } from './bridge.ts';
import { CalmPage } from './CalmPage.tsx';
import { UsherProvider } from './UsherProvider.tsx';
import { uiWords } from './words.ts';

/** Shows a page of the shell in `#page`. */
export function mountPage(page: ReactNode): void {
  const place = document.getElementById('page');
  if (place === null) throw new Error('The page has no element with the id "page".');
  createRoot(place).render(
    <StrictMode>
      <UsherProvider density="kiosk">
        <Broken>
          {bridge() === null ? (
            <CalmPage title={uiWords.outsideShell.title}>
              <p>{uiWords.outsideShell.text}</p>
            </CalmPage>
          ) : (
            page
          )}
        </Broken>
      </UsherProvider>
    </StrictMode>,
  );
}

/** Shows a way on when a page throws, instead of an empty kiosk window. */
class Broken extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <CalmPage title={uiWords.broken.title} tone="refusal" focusTitle>
        <p>{uiWords.broken.text}</p>
        <div className="calm-actions">
          <Button size="lg" leftSection={<RotateCw aria-hidden />} onClick={() => window.location.reload()}>
            {uiWords.broken.again}
          </Button>
        </div>
      </CalmPage>
    );
  }
}
