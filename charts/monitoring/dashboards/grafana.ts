import { createHash } from 'node:crypto';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  type Panel as GrafanaPanel,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { latest, seriesOf } from '../../kit/promql';
import { externalMetrics } from '../../kit/external-metrics';
import { type Dashboard, type Panel, variables } from './panel';

const source = { type: 'prometheus', uid: `\${${variables.source}}` };
const gridWidth = 24;
const height = 8;

/** As Grafana reads it. The same in every region, so that one Grafana of several regions shows one of each. */
export function grafanaJson(name: string, dashboard: Dashboard): string {
  const id = `${name}-${dashboard.suffix}`;
  // The newer schema is read by no Grafana before 12, nor by its sidecar from a ConfigMap.
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  const builder = new DashboardBuilder(`${name}: ${dashboard.title}`)
    // Grafana takes 40 characters, and a gateway's name may have 50.
    .uid(createHash('sha256').update(id).digest('hex').slice(0, 16))
    .description(dashboard.description)
    .tags(['ai-gateway'])
    .readonly()
    .timezone('browser')
    .time({ from: 'now-6h', to: 'now' })
    .refresh('1m')
    .withVariable(new DatasourceVariableBuilder(variables.source).label('Prometheus').type('prometheus'));
  for (const variable of [namespaces(name), regions(name)]) builder.withVariable(variable);
  for (const { title, panels } of dashboard.rows) {
    builder.withRow(new RowBuilder(title));
    const width = gridWidth / Math.min(panels.length, 4);
    for (const panel of panels) builder.withPanel(panelOf(panel, Math.floor(width)));
  }
  return JSON.stringify(builder.build());
}

function namespaces(name: string) {
  const everywhere = { metric: externalMetrics.up, selector: `{job=${JSON.stringify(name)}}` } as const;
  return new QueryVariableBuilder(variables.namespace)
    .label('Namespace')
    .datasource(source)
    .query(`label_values(${latest(everywhere)}, namespace)`)
    .refresh(VariableRefresh.OnTimeRangeChanged);
}

/** Where the series have no such label, its "all" finds them as well. */
function regions(name: string) {
  const up = seriesOf({ namespace: `$${variables.namespace}`, name }, externalMetrics.up);
  return new QueryVariableBuilder(variables.region)
    .label('Region')
    .datasource(source)
    .query(`label_values(${latest(up)}, region)`)
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}

function panelOf(
  { title, description, unit, queries, asNumber, alarm }: Panel,
  width: number,
): Builder<GrafanaPanel> {
  const panel = asNumber === true ? new StatBuilder() : new TimeseriesBuilder();
  panel
    .title(title)
    .description(description)
    .datasource(source)
    .unit(unit)
    .height(height)
    .span(width)
    .thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(stepsOf(alarm)));
  queries.forEach(({ expression, legend }, index) => {
    panel.withTarget(
      new DataqueryBuilder()
        .refId(String.fromCharCode('A'.charCodeAt(0) + index))
        .datasource(source)
        .expr(expression)
        .legendFormat(legend),
    );
  });
  return panel;
}

/** The first step begins below every number: `null` in Grafana's JSON. */
function stepsOf(alarm: Panel['alarm']) {
  if (alarm === undefined) return [{ value: null, color: 'green' }];
  const [under, over] = alarm.below === true ? ['red', 'green'] : ['green', 'red'];
  return [
    { value: null, color: under },
    { value: alarm.at, color: over },
  ];
}
