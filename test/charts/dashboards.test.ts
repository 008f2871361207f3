import { Dashboards, Monitoring, Slo } from '../../charts';
import { dashboardsIn, panelsOf } from '../support/dashboards';
import type { Folder, Manifest } from '../support/reference-manifests';
import { gatewayManifests } from './gateway-chart';

const folderOf = (monitoring: Monitoring): Folder => ({
  name: 'test',
  manifests: gatewayManifests({ region: 'edge-1', monitoring }) as unknown as Manifest[],
});
const dashboards = dashboardsIn(folderOf(Monitoring.prometheus()));
const panels = dashboards.flatMap((dashboard) =>
  panelsOf(dashboard).map((panel) => ({ dashboard: dashboard.title, ...panel })),
);

it('are five, by names and ids of their own', () => {
  expect(dashboards.map(({ title }) => title)).toEqual(
    ['Overview', 'Traffic', 'Providers', 'Tenants and cost', 'Capacity and saturation'].map(
      (title) => `ai-gateway: ${title}`,
    ),
  );
  expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(5);
});

it('let the viewer choose Prometheus, namespace and region', () => {
  for (const { templating } of dashboards) {
    expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
      ['source', 'datasource'],
      ['namespace', 'query'],
      ['region', 'query'],
    ]);
  }
});

it.each(panels)('$dashboard, $title: has words, a unit, and queries that follow the choice', (panel) => {
  expect(panel.description).toMatch(/\w.*\.$/);
  expect(panel.fieldConfig?.defaults.unit).toMatch(/\w/);
  expect(panel.targets).not.toHaveLength(0);
  for (const { expr, legendFormat } of panel.targets!) {
    expect(legendFormat).toMatch(/\w/);
    expect(expr).toContain('namespace="$namespace"');
    if (!/\b(kube|container)_/.test(expr)) expect(expr).toContain('region=~"$region"');
    // Of a fixed time, some samples would be missed or counted twice at another zoom.
    if (/\brate\(/.test(expr) && !expr.includes('histogram_quantile'))
      expect(expr).toContain('$__rate_interval');
  }
});

it.each(dashboards)('$title covers no panel by another', ({ panels: all }) => {
  const taken = new Set<string>();
  for (const { gridPos, title } of all) {
    for (let x = gridPos!.x; x < gridPos!.x + gridPos!.w; x += 1) {
      for (let y = gridPos!.y; y < gridPos!.y + gridPos!.h; y += 1) {
        expect({ title, free: !taken.has(`${x},${y}`), inside: x < 24 }).toEqual({
          title,
          free: true,
          inside: true,
        });
        taken.add(`${x},${y}`);
      }
    }
  }
});

it('show the objectives that are promised, and no others', () => {
  const [overview] = dashboardsIn(folderOf(Monitoring.prometheus({ slos: [Slo.availability(99.5)] })));
  const titles = panelsOf(overview!).map(({ title }) => title);
  expect(titles).toContain('gateway-availability 99.5 %: budget left');
  expect(titles.join()).not.toContain('user-availability');
});

it('are not there where nobody wants them', () => {
  expect(dashboardsIn(folderOf(Monitoring.prometheus({ dashboards: Dashboards.none() })))).toEqual([]);
});
