import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, gatewayManifests, only } from './gateway-chart';

const folder = join(__dirname, '..', '..', 'docs', 'runbooks');
const rules = at(only(gatewayManifests(), 'PrometheusRule'), 'spec', 'groups', 0, 'rules') as {
  alert: string;
  labels: { severity: string };
  annotations: { runbook_url: string; summary: string; description: string };
}[];

it('there is a page for each alert, and an alert for each page', () => {
  expect(readdirSync(folder).sort()).toEqual(rules.map(({ alert }) => `${alert}.md`).sort());
});

it.each(rules)(
  '$alert leads to its page, which begins with its name and severity',
  ({ alert, labels, annotations }) => {
    expect(annotations.runbook_url).toBe(`docs/runbooks/${alert}.md`);
    expect(readFileSync(join(folder, `${alert}.md`), 'utf8')).toMatch(
      new RegExp(`^# ${alert} \\(${labels.severity}\\)\n`),
    );
    expect(annotations.summary).toMatch(/\.$/);
    expect(annotations.description).toMatch(/\.$/);
  },
);
