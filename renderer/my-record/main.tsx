import { mountPage } from '../ui/mount.tsx';
import { MyRecordPage } from './MyRecordPage.tsx';

mountPage(<MyRecordPage />);
