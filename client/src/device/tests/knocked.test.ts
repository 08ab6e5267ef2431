import { beforeEach, describe, expect, it } from 'vitest';
import { keepKnock, recallKnock } from '../knocked';

const knock = { code: 'ABCDEFGH', name: 'Anna', waiting: 'token', returnCode: 'RETURN' };

describe('who waits at the door', () => {
  beforeEach(() => sessionStorage.clear());

  it('waits on after a reload, at the same door', () => {
    keepKnock(knock);
    expect(recallKnock(null)).toEqual(knock);
    expect(recallKnock('ABCDEFGH')).toEqual(knock);
    expect(recallKnock('HGFEDCBA')).toBeNull();
  });

  it('waits no longer once it is over', () => {
    keepKnock(knock);
    keepKnock(null);
    expect(recallKnock(null)).toBeNull();
  });

  it.each(['', 'null', '{', '7', '{"code":"ABCDEFGH"}'])('is nobody by %j', (kept) => {
    sessionStorage.setItem('hahmo_knocked', kept);
    expect(recallKnock(null)).toBeNull();
  });
});
