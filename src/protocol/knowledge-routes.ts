// The routes of knowledge. Collections and their documents are on the management plane, files and search are not.

import {
  CollectionBody,
  DocumentBody,
  type KnownCollection,
  type KnownDocument,
  readAll,
  readCollection,
  readDocument,
  readFile,
  readMatches,
  SearchBody,
} from './knowledge.js';
import { ListQuery, listIn, nextPage, route } from './route.js';

/** A page of a list, and the token of the next. */
interface Page<T> {
  entries: T[];
  next: string | undefined;
}

/** A list under this name, under `data`, or bare. */
function readPage<T>(
  name: string,
  read: (value: unknown) => T | undefined,
): (reply: unknown) => Page<T> | undefined {
  return (reply) => {
    const list = listIn(reply, [name]);
    const entries = list && readAll(list, read);
    return entries && { entries, next: nextPage(reply) };
  };
}

const plane = 'management';

export const knowledgeRoutes = {
  createCollection: route({
    method: 'POST',
    path: '/v1/collections',
    plane,
    effect: 'write',
    body: CollectionBody,
    read: readCollection,
  }),
  listCollections: route({
    method: 'GET',
    path: '/v1/collections',
    plane,
    effect: 'read',
    query: ListQuery,
    read: readPage<KnownCollection>('collections', readCollection),
  }),
  getCollection: route({
    method: 'GET',
    path: '/v1/collections/{collection_id}',
    plane,
    effect: 'read',
    read: readCollection,
  }),
  deleteCollection: route({
    method: 'DELETE',
    path: '/v1/collections/{collection_id}',
    plane,
    effect: 'remove',
    read: () => null,
  }),
  addDocument: route({
    method: 'POST',
    path: '/v1/collections/{collection_id}/documents/{file_id}',
    plane,
    effect: 'write',
    body: DocumentBody,
    // Seen to be answered with nothing: the status says it all.
    read: () => null,
  }),
  listDocuments: route({
    method: 'GET',
    path: '/v1/collections/{collection_id}/documents',
    plane,
    effect: 'read',
    query: ListQuery,
    read: readPage<KnownDocument>('documents', readDocument),
  }),
  getDocument: route({
    method: 'GET',
    path: '/v1/collections/{collection_id}/documents/{file_id}',
    plane,
    effect: 'read',
    read: readDocument,
  }),
  removeDocument: route({
    method: 'DELETE',
    path: '/v1/collections/{collection_id}/documents/{file_id}',
    plane,
    effect: 'remove',
    read: () => null,
  }),
  uploadFile: route({
    method: 'POST',
    path: '/v1/files',
    multipart: true,
    effect: 'write',
    read: readFile,
  }),
  getFile: route({ method: 'GET', path: '/v1/files/{file_id}', effect: 'read', read: readFile }),
  deleteFile: route({ method: 'DELETE', path: '/v1/files/{file_id}', effect: 'remove', read: () => null }),
  searchDocuments: route({
    method: 'POST',
    path: '/v1/documents/search',
    effect: 'write',
    body: SearchBody,
    read: readMatches,
  }),
};
