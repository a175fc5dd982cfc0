import { DamsonError, errorText, type Issue } from "../error.ts";
import type { Json } from "../json.ts";
import { STORE_KEY_PATTERN, STORE_LIMITS, type StoreCommit, type StoreCompare, type StoreOperation } from "./commit.ts";
import type { StoreListOptions } from "./store.ts";

const KEY = new RegExp(STORE_KEY_PATTERN);
const PREFIX = /^[!-~]*$/;
const KEY_RULE = `expected 1 to ${STORE_LIMITS.keyLength} printable ASCII characters without blanks, in parts separated by "/"`;

/** A commit as {@link checkStoreCommit} returns it. */
export interface CheckedCommit extends StoreCommit {
  readonly when: readonly StoreCompare[];
  /** Of all values, as JSON. */
  readonly bytes: number;
}

/**
 * A copy of `commit` that is plain JSON, so that what becomes of the caller's own objects no longer matters. For those who
 * write stores: all of them refuse the same.
 *
 * @throws DamsonError `STORE_INVALID` (400) with every fault that was found.
 */
export function checkStoreCommit(commit: StoreCommit): CheckedCommit {
  const { when = [], operations } = Object(commit);
  const issues = [...listIssues(when, "when"), ...listIssues(operations, "operations")];
  refuse(issues);
  return checkParts(when, operations);
}

function checkParts(when: readonly StoreCompare[], operations: readonly StoreOperation[]): CheckedCommit {
  const issues: Issue[] = [];
  for (const [index, compare] of when.entries()) issues.push(...compareIssues(compare, `when[${index}]`));
  const checked = operations.map((operation, index) => checkOperation(operation, `operations[${index}]`, issues));
  const keys = checked.map(({ key }) => key);
  for (const [index, key] of keys.entries()) {
    if (keys.indexOf(key) !== index) issues.push({ path: `operations[${index}]`, message: `"${key}" is there twice` });
  }
  const bytes = checked.reduce((sum, one) => sum + one.bytes, 0);
  if (bytes > STORE_LIMITS.valueBytes) {
    issues.push({
      path: "operations",
      message: `expected at most ${STORE_LIMITS.valueBytes} bytes of values, got ${bytes}`,
    });
  }
  refuse(issues);
  return {
    when: when.map(({ key, modRevision }) => ({ key, modRevision })),
    operations: checked.map(({ operation }) => operation),
    bytes,
  };
}

/** @throws DamsonError `STORE_INVALID` (400) for what is no key. */
export function checkStoreKey(key: string): void {
  refuse(keyIssues(key, "key"));
}

/** @throws DamsonError `STORE_INVALID` (400) for what no key can begin with; the empty prefix is that of all. */
export function checkStorePrefix(prefix: string): void {
  if (typeof prefix === "string" && prefix.length <= STORE_LIMITS.keyLength && PREFIX.test(prefix)) return;
  refuse([{ path: "prefix", message: `expected "" or the beginning of a key: ${KEY_RULE}` }]);
}

/** @throws DamsonError `STORE_INVALID` (400). */
export function checkStoreListOptions({ limit, after }: StoreListOptions): void {
  const issues: Issue[] = [];
  if (limit !== undefined && !isWhole(limit, 1))
    issues.push({ path: "limit", message: "expected a whole number from 1" });
  if (after !== undefined) issues.push(...keyIssues(after, "after"));
  refuse(issues);
}

/** @throws DamsonError `STORE_INVALID` (400) for what is no revision; 0 is that of a store before its first change. */
export function checkStoreRevision(revision: number): void {
  if (!isWhole(revision, 0)) refuse([{ path: "revision", message: "expected a whole number from 0" }]);
}

/** @throws DamsonError `STORE_INVALID` (400). */
export function checkLeaseTtl(ttlMs: number): void {
  const { min, max } = STORE_LIMITS.leaseMs;
  if (isWhole(ttlMs, min) && ttlMs <= max) return;
  refuse([{ path: "ttlMs", message: `expected a whole number of milliseconds from ${min} to ${max}` }]);
}

interface CheckedOperation {
  readonly key: string;
  readonly bytes: number;
  readonly operation: StoreOperation;
}

function checkOperation(operation: StoreOperation, path: string, issues: Issue[]): CheckedOperation {
  if ("put" in operation === "delete" in operation) issues.push({ path, message: "expected a put or a delete" });
  if ("delete" in operation) {
    issues.push(...keyIssues(operation.delete, `${path}.delete`));
    return { key: operation.delete, bytes: 0, operation: { delete: operation.delete } };
  }
  const { put, lease } = operation;
  issues.push(...keyIssues(put, `${path}.put`));
  if (lease !== undefined && (typeof lease !== "string" || lease === "")) {
    issues.push({ path: `${path}.lease`, message: "expected the id of a lease" });
  }
  const text = jsonText(operation.value, `${path}.value`, issues);
  const value: Json = JSON.parse(text);
  return { key: put, bytes: Buffer.byteLength(text), operation: { put, value, ...(lease !== undefined && { lease }) } };
}

function jsonText(value: unknown, path: string, issues: Issue[]): string {
  try {
    const text = JSON.stringify(value);
    if (text !== undefined) return text;
    issues.push({ path, message: `expected JSON, got ${typeof value}` });
  } catch (error) {
    issues.push({ path, message: `expected JSON: ${errorText(error)}` });
  }
  return "null";
}

function compareIssues({ key, modRevision }: StoreCompare, path: string): Issue[] {
  const issues = keyIssues(key, `${path}.key`);
  if (!isWhole(modRevision, 0)) issues.push({ path: `${path}.modRevision`, message: "expected a whole number from 0" });
  return issues;
}

function listIssues(list: unknown, path: string): Issue[] {
  if (!Array.isArray(list)) return [{ path, message: "expected a list" }];
  if (list.length > STORE_LIMITS.operations) {
    return [{ path, message: `expected at most ${STORE_LIMITS.operations} of them, got ${list.length}` }];
  }
  return list.flatMap((one: unknown, index) =>
    typeof one === "object" && one !== null ? [] : [{ path: `${path}[${index}]`, message: "expected an object" }],
  );
}

function keyIssues(key: unknown, path: string): Issue[] {
  if (typeof key === "string" && key.length <= STORE_LIMITS.keyLength && KEY.test(key)) return [];
  return [{ path, message: KEY_RULE }];
}

function isWhole(value: unknown, min: number): boolean {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= min;
}

function refuse(issues: readonly Issue[]): void {
  const [first] = issues;
  if (first === undefined) return;
  throw new DamsonError("STORE_INVALID", `The store refuses this: ${first.path}: ${first.message}`, {
    status: 400,
    issues,
  });
}
