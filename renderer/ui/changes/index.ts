export { ChangeList, ChangeMark } from './ChangeList.tsx';
export { MarkedText } from './MarkedText.tsx';
export { changesWords } from './words.ts';
