import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { z } from 'zod';
import { UsherProvider } from '../ui/index.ts';
import { Console } from './Console.tsx';
import { consoleQueryClient } from './api/query-client.ts';
import './console.css';

// The page's content security policy forbids compiled checks; Zod must not even try.
z.config({ jitless: true });

const root = document.getElementById('root');
if (root === null) throw new Error('The page has no element "root" to show the console in.');

createRoot(root).render(
  <StrictMode>
    <UsherProvider density="console">
      <QueryClientProvider client={consoleQueryClient()}>
        <Console />
      </QueryClientProvider>
    </UsherProvider>
  </StrictMode>,
);
