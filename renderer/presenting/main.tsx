import { mountPage } from '../ui/mount.tsx';
import { PresentingPage } from './PresentingPage.tsx';

mountPage(<PresentingPage />);
