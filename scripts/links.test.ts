import { glob, readFile, stat } from "node:fs/promises";
import { dirname, relative, resolve } from "node:path";
import { expect, test } from "vitest";

const ROOT = resolve(import.meta.dirname, "..");
const LINK = /\[[^\]]*\]\(([^()\s]+)\)/g;
const HEADING = /^#{1,6} +(.+)$/gm;

const pages = await Array.fromAsync(glob(["*.md", "{docs,examples}/**/*.md"], { cwd: ROOT }));

/** Text outside of code, where brackets and `#` mean something else. */
async function prose(page: string): Promise<string> {
  const text = await readFile(resolve(ROOT, page), "utf8");
  return text.replaceAll(/^```.*?^```/gms, "");
}

/** The anchor of a heading, as GitHub makes it. */
function anchorOf(heading: string): string {
  const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");
  return plain
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");
}

async function faultOf(page: string, link: string): Promise<string | undefined> {
  const [path = "", anchor] = link.split("#");
  const target = path === "" ? resolve(ROOT, page) : resolve(ROOT, dirname(page), path);
  if (relative(ROOT, target).startsWith("..")) return `${page}: ${link} leads out of the repository`;
  const found = await stat(target).catch(() => undefined);
  if (!found) return `${page}: ${link} leads nowhere`;
  if (anchor === undefined) return undefined;
  const anchors = [...(await prose(relative(ROOT, target))).matchAll(HEADING)].map(([, text]) => anchorOf(text ?? ""));
  return anchors.includes(anchor) ? undefined : `${page}: ${link} names no heading`;
}

test("there are pages to check", () => {
  expect(pages).toEqual(expect.arrayContaining(["README.md", "docs/concepts.md", "docs/reference/errors.md"]));
});

test.each(pages)("every relative link in %s resolves", async (page) => {
  const links = [...(await prose(page)).matchAll(LINK)].map(([, link]) => link ?? "");
  const local = links.filter((link) => !/^[a-z]+:/.test(link));
  const faults = await Promise.all(local.map((link) => faultOf(page, link)));
  expect(faults.filter((fault) => fault !== undefined)).toEqual([]);
});

test("every page of the documentation is linked from another", async () => {
  const linked = new Set<string>();
  for (const page of pages) {
    for (const [, link = ""] of (await prose(page)).matchAll(LINK)) {
      const target = relative(ROOT, resolve(ROOT, dirname(page), link.split("#")[0] ?? ""));
      if (target !== page) linked.add(target);
    }
  }
  const alone = pages.filter((page) => page.startsWith("docs/") && !linked.has(page));
  expect(alone).toEqual([]);
});
