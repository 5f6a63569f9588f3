import { mountPage } from '../ui/mount.tsx';
import { AboutPage } from './AboutPage.tsx';

mountPage(<AboutPage />);
