/** As a `ref`: puts the keyboard on an element when a step of a page brings it up, where the step before took its button away. */
export const focusOnMount = (element: HTMLElement | null): void => element?.focus();
