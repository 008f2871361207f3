import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { brokenLinks, linksIn } from './markdown-links';
import { filesIn, root } from './tree';

it('finds every relative link of the documentation leading somewhere', () => {
  const pages = new Map(
    filesIn('')
      .filter((path) => path.endsWith('.md'))
      .map((path) => [path, readFileSync(join(root, path), 'utf8')]),
  );
  expect(pages.size).toBeGreaterThan(0);
  expect(brokenLinks(pages, (path) => existsSync(join(root, path)))).toEqual([]);
});

describe('the search for broken links', () => {
  const pages = new Map([
    ['README.md', '# The gateway\n[ok](docs/a.md) [gone](docs/gone.md) [up](#the-gateway) [no](#nothing)\n'],
    [
      'docs/a.md',
      '## `synth`, at once\n[ok](../README.md) [gone](README.md)\n[part](#synth-at-once)\n[no](../README.md#x)',
    ],
  ]);

  it('resolves a link against its page, and an anchor against its headings', () => {
    expect(brokenLinks(pages, (path) => pages.has(path))).toEqual([
      'README.md: docs/gone.md',
      'README.md: #nothing',
      'docs/a.md: README.md',
      'docs/a.md: ../README.md#x',
    ]);
  });

  it('leaves other hosts alone', () => {
    expect(
      brokenLinks(new Map([['a.md', '[x](https://example.com/x) [y](mailto:y@example.com)']]), () => false),
    ).toEqual([]);
  });

  it('sees images, titles and references, and no code', () => {
    const text = '![i](i.png "an image")\n[r]: r.md\n`[c](c.md)`\n```md\n[d](d.md)\n```\n[e](e.md)';
    expect(linksIn(text)).toEqual(['i.png', 'e.md', 'r.md']);
  });
});
