import { posix } from 'node:path';

/** Markdown pages by their path in the repository. */
export type Pages = ReadonlyMap<string, string>;

/**
 * The relative links of the pages that lead nowhere, as `page: link`: to a file that does not exist, or to a heading
 * that the page does not have. Links to other hosts are not followed: a test must not depend on them.
 */
export function brokenLinks(pages: Pages, exists: (path: string) => boolean): readonly string[] {
  return [...pages].flatMap(([page, text]) =>
    linksIn(text)
      .filter((link) => !/^[a-z][a-z0-9+.-]*:/i.test(link))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const target = path === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
        const headings = pages.get(target);
        if (anchor !== undefined && headings !== undefined) return !anchorsIn(headings).has(anchor);
        return !exists(target);
      })
      .map((link) => `${page}: ${link}`),
  );
}

/** The targets of `[text](target)`, `![text](target "title")` and `[name]: target`, outside of code. */
export function linksIn(text: string): readonly string[] {
  const prose = withoutCodeBlocks(text).replace(/`[^`\n]*`/g, '');
  const inline = [...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?[^)]*\)/g)];
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s+<?(\S+?)>?\s*$/gm)];
  return [...inline, ...references].flatMap(([, target]) => (target === undefined ? [] : [target]));
}

/** Anchors as GitHub makes them from headings. */
function anchorsIn(text: string): ReadonlySet<string> {
  const headings = [...withoutCodeBlocks(text).matchAll(/^#{1,6}\s+(.+?)\s*$/gm)];
  return new Set(
    headings.map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
        .replace(/\s/g, '-'),
    ),
  );
}

function withoutCodeBlocks(text: string): string {
  return text.replace(/^(```|~~~)[\s\S]*?^\1/gm, '');
}
