import { mountPage } from '../ui/mount.tsx';
import { IdleWarningPage } from './IdleWarningPage.tsx';

mountPage(<IdleWarningPage />);
