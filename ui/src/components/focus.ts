/** Where the focus goes when what had it is gone. */

/** To the part of the window that has the page in it. */
export function focusPage(): void {
  document.getElementById('content')?.focus();
}
