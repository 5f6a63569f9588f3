import { mountPage } from '../ui/mount.tsx';
import { LockCoverPage } from './LockCoverPage.tsx';

mountPage(<LockCoverPage />);
