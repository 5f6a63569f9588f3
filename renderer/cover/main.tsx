import { mountPage } from '../ui/mount.tsx';
import { CoverPage } from './CoverPage.tsx';

mountPage(<CoverPage />);
