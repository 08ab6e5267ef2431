/** Key presses while a word is composed (Chinese, Japanese, Korean; dead keys) are the composer's. */

/** What keyCode says of a press that went to the composer: all that Safari says of the last one. */
const PROCESSED = 229;

/**
 * Keep them from every handler: Enter and Escape that end a composition end no note and close
 * nothing. Source: UI Events, 5.1; Safari sends the last press after `compositionend`.
 */
export function keepCompositionsToThemselves(target: Pick<Window, 'addEventListener'>): void {
  target.addEventListener(
    'keydown',
    (event) => {
      if (!ofComposition(event)) return;
      event.stopImmediatePropagation();
      // What the browser itself would do with it, such as closing a dialog.
      if (event.key === 'Escape') event.preventDefault();
    },
    { capture: true },
  );
}

function ofComposition(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === PROCESSED;
}
