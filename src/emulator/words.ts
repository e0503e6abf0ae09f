// English, as far as matching a message to a tool needs it.

const stopWords = new Set(
  (
    'a an and any are as ask at be been but by can could did do does for from get had has have he her him his how i ' +
    'if in into is it its just let like look make may me my need no not of on or our out please she should so some ' +
    'tell than thank that the their them then there these they this to up use us want was we were what when where ' +
    'which who will with would you your yes hello hi hey given every before after about return returns user ' +
    'customer call caller always name id'
  ).split(' '),
);

/** The words of a text that carry meaning, reduced so that "orders" and "order", "booking" and "book" meet. */
export function contentStems(text: string): Set<string> {
  const words = text.toLowerCase().match(/\p{L}[\p{L}\p{N}']*/gu) ?? [];
  return new Set(words.filter((word) => word.length > 2 && !stopWords.has(word)).map(stem));
}

function stem(word: string): string {
  for (const ending of ['ings', 'ing', 'ies', 'ied', 'es', 'ed', 's']) {
    if (word.endsWith(ending) && word.length - ending.length >= 3) {
      const root = word.slice(0, -ending.length);
      return ending.startsWith('ie') ? `${root}y` : root.replace(/e$/, '');
    }
  }
  return word.replace(/e$/, '');
}
