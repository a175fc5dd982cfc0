export type { Document } from "./document.ts";
export { Documents, type OpenDocumentsOptions, type OpenedDocuments, openDocuments } from "./documents.ts";
export type { DocumentRules } from "./load.ts";
export { type DirectoryLock, type LockFacts, lockDirectory } from "./lock-directory.ts";
export type { Migrations } from "./migrate.ts";
export { type OpenDocumentOptions, type OpenedDocument, openDocument } from "./open-document.ts";
export type { DamagedDocument } from "./set-aside.ts";
export { makeWorkDir } from "./work-directory.ts";
