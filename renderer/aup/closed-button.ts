/** Marks a button that cannot be pressed yet but can still be reached and read out with its reason. */
export const closedButton = (closed: boolean) => (closed ? { 'aria-disabled': true, 'data-disabled': true } : {});
