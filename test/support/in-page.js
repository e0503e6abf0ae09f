// Runs in the page under test, as text handed to the browser: what a person would see there.

/** Text whose colour is too near to what lies under it: AA asks for 4.5, for large letters 3. */
export function faintTexts() {
  const parse = (colour) => {
    const [r = 0, g = 0, b = 0, a = 1] = (colour.match(/[\d.]+/g) ?? []).map(Number);
    return { r, g, b, a };
  };
  const over = (top, under) => {
    const mix = (name) => top[name] * top.a + under[name] * (1 - top.a);
    return { r: mix('r'), g: mix('g'), b: mix('b'), a: 1 };
  };
  const luminance = ({ r, g, b }) => {
    const [x, y, z] = [r, g, b].map((value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const groundOf = (element) => {
    const grounds = [];
    for (let at = element; at !== null; at = at.parentElement)
      grounds.push(parse(getComputedStyle(at).backgroundColor));
    return grounds.reduceRight((under, top) => over(top, under), { r: 255, g: 255, b: 255, a: 1 });
  };
  const texts = [];
  let count = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    const element = node.parentElement;
    if (node.data.trim() === '' || element.closest('title, script, style, noscript, .unseen')) continue;
    if (!element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: false })) continue;
    const style = getComputedStyle(element);
    const isPicture = element instanceof SVGElement;
    const ground = groundOf(element.closest('svg')?.parentElement ?? element);
    const under = isPicture ? ground : groundOf(element);
    const colour = over(parse(isPicture ? style.fill : style.color), under);
    const [dark, bright] = [luminance(colour), luminance(under)].sort((a, b) => a - b);
    const ratio = (bright + 0.05) / (dark + 0.05);
    const isLarge = Number.parseFloat(style.fontSize) >= 24;
    count++;
    if (ratio < (isLarge ? 3 : 4.5)) texts.push(`${node.data.trim().slice(0, 40)}: ${ratio.toFixed(2)}`);
  }
  return { count, texts };
}

/** What reaches beyond the right edge of the window, and does not lie in something that scrolls. */
export function beyondTheEdge() {
  const isScrolled = (element) =>
    element.closest('.scroll, pre, .unseen, .words, .symbols, .cell, .plot') !== null;
  return [...document.body.querySelectorAll('*')]
    .filter((element) => !isScrolled(element) && element.checkVisibility())
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 0.5)
    .map((element) => `${element.tagName} ${element.getAttribute('class') ?? ''}`);
}

/**
 * Opens all there is to open, and has all of it laid out: what is out of sight has no true places yet, and would seem to
 * lie over other things.
 */
export function openAll() {
  for (const each of document.querySelectorAll('details')) each.open = true;
  for (const each of document.querySelectorAll('.scenario')) each.style.contentVisibility = 'visible';
}
