/** What a merge would bring, as counts in words and as pairs; plain values. */
import type { TextKey } from '../../i18n/texts';
import type { MergePreview } from '../../workshop/api-types';

export type Share = MergePreview['groups'][number];
type Pair = MergePreview['likely_duplicates'][number];

export function hasNews({ added, changed, removed, more }: Share): boolean {
  return added.length + changed + removed > 0 || more;
}

/** What comes of a group, as texts with a number each; what stands there already comes last. */
export function wordsOf(share: Share): [TextKey, number][] {
  const counted: [TextKey, number][] = [
    ['merge.share_added', share.added.length],
    ['merge.share_changed', share.changed],
    ['merge.share_removed', share.removed],
    ['merge.share_more', share.more ? 1 : 0],
    ['merge.share_nothing', hasNews(share) ? 0 : 1],
    ['merge.share_there', share.there],
  ];
  return counted.filter(([, n]) => n > 0);
}

/** Likely duplicates that would stand side by side if only these groups' work came. */
export function pairsOf(preview: MergePreview, chosen: readonly string[]): readonly Pair[] {
  const absent = new Set(
    preview.groups
      .filter(({ id }) => !chosen.includes(id))
      .flatMap(({ added }) => added.map(({ id }) => id)),
  );
  return preview.likely_duplicates.filter((pair) => pair.every(({ id }) => !absent.has(id)));
}
