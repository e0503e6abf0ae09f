// How much work copies, in elements: where that is counted, a test need not measure time.

const iterators: { next: (this: unknown) => unknown }[] = [[], new Set(), new Map()].map((each) =>
  Object.getPrototypeOf(each[Symbol.iterator]()),
);
const copying = ['slice', 'concat', 'map', 'filter', 'flatMap'] as const;

/** Steps of iterators over arrays, sets and maps, and elements of the arrays whose methods make others. */
export function countSteps(work: () => void): number {
  let steps = 0;
  const nexts = iterators.map(({ next }) => next);
  const methods = copying.map((name) => Array.prototype[name] as (...given: unknown[]) => unknown);
  const restore = () => {
    for (let at = 0; at < iterators.length; at++) Object.assign(iterators[at] as object, { next: nexts[at] });
    for (let at = 0; at < copying.length; at++)
      Object.defineProperty(Array.prototype, copying[at] as string, { value: methods[at] });
  };
  for (let at = 0; at < iterators.length; at++) {
    const next = nexts[at] as () => unknown;
    Object.assign(iterators[at] as object, {
      next(this: unknown) {
        steps++;
        return next.call(this);
      },
    });
  }
  for (let at = 0; at < copying.length; at++) {
    const method = methods[at] as (...given: unknown[]) => unknown;
    Object.defineProperty(Array.prototype, copying[at] as string, {
      value(this: unknown[], ...given: unknown[]) {
        steps += this.length;
        return method.apply(this, given);
      },
    });
  }
  try {
    work();
  } finally {
    restore();
  }
  return steps;
}
