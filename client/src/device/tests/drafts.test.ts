import { beforeEach, describe, expect, it } from 'vitest';
import { Drafts } from '../drafts';

const drafts = (person = 'me') => new Drafts('w', person);

describe('drafts', () => {
  beforeEach(() => localStorage.clear());

  it('outlive the page, by person, until they are dropped', () => {
    drafts().put('message', 'Tau');
    drafts().put('plan', { count: 3 });
    expect(drafts().get('message')).toBe('Tau');
    expect(drafts('other').get('message')).toBeUndefined();
    drafts().drop('message');
    expect(drafts().get('message')).toBeUndefined();
    expect(drafts().get('plan')).toEqual({ count: 3 });
    drafts().drop('plan');
    expect(localStorage.length).toBe(0);
  });

  it('of two tabs do not wipe out each other', () => {
    const [one, two] = [drafts(), drafts()];
    one.put('a', '1');
    two.put('b', '2');
    one.drop('c');
    expect([drafts().get('a'), drafts().get('b')]).toEqual(['1', '2']);
  });

  it('live as long as the page where nothing can be stored or read', () => {
    const page = new Drafts('w', 'me', () => {
      throw new DOMException('forbidden', 'SecurityError');
    });
    page.put('message', 'Tau');
    expect(page.get('message')).toBe('Tau');
    localStorage.setItem('hahmo_drafts_w_me', 'no JSON');
    expect(drafts().get('message')).toBeUndefined();
  });
});
