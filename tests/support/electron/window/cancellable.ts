/** An event whose default a listener may prevent. */
export type Cancellable<T extends object> = T & { readonly defaultPrevented: boolean; preventDefault(): void };

export function cancellable<T extends object>(details: T): Cancellable<T> {
  let prevented = false;
  return {
    ...details,
    get defaultPrevented() {
      return prevented;
    },
    preventDefault() {
      prevented = true;
    },
  };
}
