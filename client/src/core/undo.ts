/** Undo and redo of this person's own actions on one board; others' changes stay. */
import * as Y from 'yjs';
import { answersOf, layoutOf, linksOf, notesOf, themesOf } from './schema';

/** Origin of every transaction that a person can take back. */
export const USER = 'user';
/** Typing within this many milliseconds is one step. */
const CAPTURE_MS = 500;

export class Undo {
  readonly #manager: Y.UndoManager;

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

  /** End the current step: what follows is undone by itself. */
  boundary(): void {
    this.#manager.stopCapturing();
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
    return () => events.forEach((name) => this.#manager.off(name, listener));
  }

  destroy(): void {
    this.#manager.destroy();
  }
}
