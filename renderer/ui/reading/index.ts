export { Contacts } from './Contacts.tsx';
export { ContentsList } from './ContentsList.tsx';
export { placeOf, PolicyText } from './PolicyText.tsx';
export { ReadingPage } from './ReadingPage.tsx';
export { SearchBox } from './SearchBox.tsx';
export { shownSections, type Reader } from './shown-sections.ts';
export { depthOf, usePlace, type PlaceWatch } from './use-place.ts';
export { useReadAloud } from './use-read-aloud.ts';
export { useSearch } from './use-search.ts';
