import { mountPage } from '../ui/mount.tsx';
import { PolicyPage } from './PolicyPage.tsx';

mountPage(<PolicyPage />);
