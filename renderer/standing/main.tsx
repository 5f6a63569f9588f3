import { mountPage } from '../ui/mount.tsx';
import { StandingPage } from './StandingPage.tsx';

mountPage(<StandingPage />);
