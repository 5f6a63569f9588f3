import { mountPage } from '../ui/mount.tsx';
import { AupPage } from './AupPage.tsx';

mountPage(<AupPage />);
