// YAML, loaded when there is some. By way of this file: a bundled CommonJS package has no names to import at run time.

export { parseAllDocuments } from 'yaml';
