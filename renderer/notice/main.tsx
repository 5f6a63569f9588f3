import { mountPage } from '../ui/mount.tsx';
import { NoticePage } from './NoticePage.tsx';

mountPage(<NoticePage />);
