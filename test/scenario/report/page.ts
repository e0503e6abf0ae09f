// A page as tests look at it: its tags, in order, and whether they close each other.

export interface Tag {
  name: string;
  attributes: Map<string, string>;
  /** Ends an element. */
  closes: boolean;
  /** Has no end of its own. */
  alone: boolean;
}

const voids = new Set(['meta', 'link', 'br', 'input', 'img']);
const raw = /<(style|script)>[\s\S]*?<\/\1>/g;

export function tagsOf(page: string): Tag[] {
  const shown = page.replace(raw, '<$1></$1>');
  const tags = shown.matchAll(/<(\/?)([a-zA-Z][\w-]*)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?)>/g);
  return [...tags].map(([, closing, name = '', attributes = '', slash]) => ({
    name,
    attributes: new Map(
      [...attributes.matchAll(/([\w:-]+)(?:="([^"]*)")?/g)].map(([, key = '', value = '']) => [key, value]),
    ),
    closes: closing === '/',
    alone: slash === '/' || voids.has(name),
  }));
}

/** The elements of a kind. */
export const elements = (page: string, name: string) =>
  tagsOf(page).filter((tag) => tag.name === name && !tag.closes);

/** What is wrong with how the tags close each other, and with signs outside of them. */
export function faults(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const { name, closes, alone } of tagsOf(page)) {
    if (alone) continue;
    if (!closes) open.push(name);
    else if (open.at(-1) === name) open.pop();
    else wrong.push(`</${name}> within <${open.at(-1)}>`);
  }
  const text = page
    .replace(raw, '')
    .replace(/^<!doctype html>/, '')
    .replace(/<\/?[a-zA-Z][^<>]*>/g, '');
  return [
    ...wrong,
    ...open.map((name) => `<${name}> stays open`),
    ...(text.match(/.{0,20}[<>].{0,20}/g) ?? []),
  ];
}
