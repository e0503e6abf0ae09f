// The few things the page's parts share.

/**
 * An element with its properties set; those of `data-`, `aria-` and the like go by `attributes`.
 * @param {string} tag
 * @param {Record<string, unknown> & { attributes?: Record<string, string> }} [properties]
 * @param {...(Node | string)} children
 */
export function element(tag, { attributes = {}, ...properties } = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** @param {string} selector */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

/**
 * What is kept for the session; a browser may forbid it, and then it is kept for the page.
 * @param {string} name
 */
export function kept(name) {
  const key = `agents-report-${name}`;
  return {
    /** @returns {string | null} */
    read() {
      try {
        return sessionStorage.getItem(key);
      } catch {
        return null;
      }
    },
    /** @param {string} value */
    write(value) {
      try {
        sessionStorage.setItem(key, value);
      } catch {
        // Then not.
      }
    },
  };
}
