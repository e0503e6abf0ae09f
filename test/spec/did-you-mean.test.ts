import { describe, expect, test } from 'vitest';
import { didYouMean } from '../../src/spec/did-you-mean.js';

const members = ['name', 'instructions', 'tools', 'voice', 'collection_ids'];

describe('a suggestion', () => {
  test.each([
    ['a letter missing', 'instrucions', 'instructions'],
    ['a letter too many', 'voicee', 'voice'],
    ['two letters swapped', 'nmae', 'name'],
    ['another case', 'TOOLS', 'tools'],
    ['camelCase', 'collectionIds', 'collection_ids'],
    ['the singular', 'tool', 'tools'],
    ['a long word further off', 'collectionsid', 'collection_ids'],
    ['the word itself', 'voice', 'voice'],
  ])('is made for %s: %s', (_, word, near) => {
    expect(didYouMean(word, members)).toBe(` (did you mean "${near}"?)`);
  });

  test.each([
    ['a word unlike any other', 'temperature'],
    ['another short word', 'x'],
    ['a long word for a short one', 'nameofthething'],
    ['no word', ''],
  ])('is not made for %s', (_, word) => {
    expect(didYouMean(word, members)).toBe('');
  });

  test('names the nearest of several that are near', () => {
    expect(didYouMean('web_searc', ['x_search', 'file_search', 'web_search'])).toBe(
      ' (did you mean "web_search"?)',
    );
  });

  test('is not made where there is nothing to choose from', () => {
    expect(didYouMean('name', [])).toBe('');
  });
});
