/**
 * Browsers and extensions that translate put elements of their own (`<font>`) where a text node was.
 * Whoever still holds that node then writes into the void: others' edits never show, and what should
 * go stays. Here each such node is put back, empty, before its translation: it holds the place, and
 * as soon as it is written to or taken away, the translation goes and the translator does its work anew.
 */
interface Stand {
  /** What the node said when it was translated, for the way back to the original. */
  readonly said: string;
  readonly translation: readonly ChildNode[];
}

/** Watch over `root` until the observer is disconnected. */
export function keepTranslated(root: Node): MutationObserver {
  const stands = new Map<Text, Stand>();
  const observer = new MutationObserver((records) => {
    for (const record of records) {
      if (record.type === 'characterData') written(stands, record.target);
      else for (const node of record.removedNodes) if (isText(node)) taken(stands, node, record);
    }
    restoreOriginals(stands);
    observer.takeRecords(); // our own
  });
  observer.observe(root, { childList: true, characterData: true, subtree: true });
  return observer;
}

/** The page itself writes a new text: that is what counts. */
function written(stands: Map<Text, Stand>, node: Node): void {
  const stand = isText(node) && stands.get(node);
  if (!stand) return;
  stands.delete(node);
  stand.translation.forEach((each) => each.remove());
}

/** A text node went: for a translation, or for good. */
function taken(stands: Map<Text, Stand>, node: Text, record: MutationRecord): void {
  if (node.isConnected) return;
  const stand = stands.get(node);
  if (stand) {
    stands.delete(node);
    stand.translation.forEach((each) => each.remove());
    return;
  }
  const translation = translationIn(record).filter((each) => !isTaken(stands, each));
  if (!translation[0]) return;
  stands.set(node, { said: node.data, translation });
  node.data = '';
  translation[0].before(node);
}

/** What came in the very place of the node that was taken. */
function translationIn({ addedNodes, previousSibling, nextSibling }: MutationRecord): ChildNode[] {
  const beside = [previousSibling, nextSibling].filter((node) => node?.nodeName === 'FONT');
  const came = addedNodes.length > 0 ? [...addedNodes] : beside.slice(0, 1);
  return (came as ChildNode[]).filter((node) => node.isConnected);
}

/** It is the translation of another node. */
function isTaken(stands: Map<Text, Stand>, node: ChildNode): boolean {
  return [...stands.values()].some(({ translation }) => translation.includes(node));
}

/** "Show the original" takes the translation away and leaves the node. */
function restoreOriginals(stands: Map<Text, Stand>): void {
  for (const [node, { said, translation }] of stands) {
    if (translation.some((each) => each.isConnected)) continue;
    stands.delete(node);
    if (node.isConnected) node.data = said;
  }
}

function isText(node: Node): node is Text {
  return node.nodeType === Node.TEXT_NODE;
}
