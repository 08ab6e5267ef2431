/** Undo and redo of this person's own actions on one board; others' changes stay. */
import * as Y from 'yjs';
import { answersOf, layoutOf, linksOf, notesOf, themesOf } from './schema';

/** Origin of every transaction that a person can take back. */
export const USER = 'user';
/** Edits within this many milliseconds are one step, unless a boundary stands between them. */
const CAPTURE_MS = 1500;
/** Of a step: the one text that it changed, null when it changed anything else. */
const TEXT = 'text';

type Stack = Y.UndoManager['undoStack'];
type Parents = ReadonlyMap<unknown, readonly Y.YEvent<Y.AbstractType<unknown>>[]>;

/** The history of one person's own actions on one board, to go back and forth in. */
export class Undo {
  readonly #manager: Y.UndoManager;
  readonly #listeners = new Set<() => void>();

  constructor(doc: Y.Doc, board: string) {
    const roots = [
      notesOf(doc),
      themesOf(doc),
      layoutOf(doc, board),
      answersOf(doc),
      linksOf(doc),
      doc.getMap('experiments'),
    ];
    this.#manager = new Y.UndoManager(roots, {
      trackedOrigins: new Set([USER]),
      captureTimeout: CAPTURE_MS,
    });
    this.#manager.on('stack-item-added', ({ stackItem, changedParentTypes }) => {
      stackItem.meta.set(TEXT, soleText(changedParentTypes as Parents));
    });
    this.#manager.on('stack-item-updated', ({ stackItem, changedParentTypes }) => {
      const text = soleText(changedParentTypes as Parents);
      if (stackItem.meta.get(TEXT) !== text) stackItem.meta.set(TEXT, null);
    });
  }

  get canUndo(): boolean {
    return this.#manager.canUndo();
  }

  get canRedo(): boolean {
    return this.#manager.canRedo();
  }

  /** How many steps can be taken back. */
  get depth(): number {
    return this.#manager.undoStack.length;
  }

  undo(): void {
    this.#manager.undo();
  }

  redo(): void {
    this.#manager.redo();
  }

  /** Take back the last step if all it did was to change this text. */
  undoIn(text: Y.Text): void {
    this.boundary();
    this.#within(this.#manager.undoStack, text, () => this.#manager.undo());
  }

  redoIn(text: Y.Text): void {
    this.#within(this.#manager.redoStack, text, () => this.#manager.redo());
  }

  /** A step that changes nothing any more would lead on to the one below it, whatever that did. */
  #within(stack: Stack, text: Y.Text, act: () => unknown): void {
    const before = text.toString();
    while (stack.at(-1)?.meta.get(TEXT) === text && text.toString() === before) {
      const below = stack.splice(0, stack.length - 1);
      act();
      stack.unshift(...below);
    }
    for (const listener of this.#listeners) listener();
  }

  /** End the current step: what follows is undone by itself. */
  boundary(): void {
    this.#manager.stopCapturing();
  }

  /** What was typed into one text since `depth` is one step from now on. */
  join(depth: number): void {
    this.boundary();
    const stack = this.#manager.undoStack;
    for (let i = stack.length - 1; i > depth; i -= 1) {
      const [item, below] = [stack[i], stack[i - 1]];
      const text: unknown = item?.meta.get(TEXT) ?? null;
      if (!item || !below || text === null || below.meta.get(TEXT) !== text) continue;
      below.insertions = Y.mergeDeleteSets([below.insertions, item.insertions]);
      below.deletions = Y.mergeDeleteSets([below.deletions, item.deletions]);
      stack.splice(i, 1);
    }
  }

  /** Take back everything since `depth` and forget that it was ever there. */
  rewind(depth: number): void {
    this.boundary();
    while (this.depth > depth) this.#manager.undo();
    this.#manager.clear(false, true);
  }

  onChange(listener: () => void): () => void {
    const events = ['stack-item-added', 'stack-item-popped', 'stack-cleared'] as const;
    for (const name of events) this.#manager.on(name, listener);
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
      events.forEach((name) => this.#manager.off(name, listener));
    };
  }

  destroy(): void {
    this.#manager.destroy();
  }
}

function soleText(parents: Parents): Y.Text | null {
  const changed = new Set([...parents.values()].flat().map(({ target }) => target));
  const [only] = changed;
  return changed.size === 1 && only instanceof Y.Text ? only : null;
}
