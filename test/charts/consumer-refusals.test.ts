import type { Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-28';
import { type EnvironmentInput, GatewayConsumer, InvalidInput } from '../../charts';
import { base, deployment, environment, raw } from './consumer-support';
import { chartManifests } from './gateway-chart';

describe('What the compiler was not asked is refused', () => {
  const problemsOf = (props: object, build = (chart: Chart): unknown => deployment(chart)): string[] => {
    let problems: string[] = [];
    chartManifests((chart) => {
      const untyped = { ...base, ...props, workload: build(chart) };
      try {
        new GatewayConsumer(chart, 'llm', untyped as never);
      } catch (error) {
        if (!(error instanceof InvalidInput)) throw error;
        problems = error.message.split('\n').slice(1);
      }
    });
    return problems;
  };

  it.each([
    [
      'a tenant that does not exist',
      { tenant: 'nobody' },
      /^ {2}tenant: found "nobody"\..*\(search, ads\).*401/,
    ],
    [
      "another tenant's model",
      { models: { CHAT_MODEL: 'large' } },
      /models\.CHAT_MODEL: found "large"\..*\(small\)/,
    ],
    ['a variable that is none', { models: { 'chat-model': 'small' } }, /models: found "chat-model"/],
    ['a container that does not exist', { container: 'web' }, /container: found "web"\..*\(app\)/],
    [
      'an entry without a host',
      { route: 'entry', environment: { ...environment, host: undefined } },
      /route: found "entry"\..*"direct" where the environment has no host/,
    ],
    [
      'a direct way for strangers',
      { environment: { ...environment, network: {} } },
      /route: found "direct"\..*namespace search, which network\.consumers.*add "search"/,
    ],
  ])('%s', (_what, props, message) => {
    expect(problemsOf(props)).toEqual([expect.stringMatching(message)]);
  });

  it('a choice among containers that was not made', () => {
    expect(problemsOf({}, (chart) => deployment(chart, ['app', 'proxy']))).toEqual([
      expect.stringMatching(/container: found nothing\..*\(app, proxy\)/),
    ]);
  });

  it('a variable that is set already', () => {
    const own = { env: [{ name: 'OPENAI_BASE_URL', value: 'https://api.openai.com/v1' }] };
    expect(problemsOf({ container: 'app' }, (chart) => raw(chart, own))).toEqual([
      expect.stringMatching(/workload\.app\.env\.OPENAI_BASE_URL: .*the last would win/),
    ]);
  });

  it('a workload without a namespace', () => {
    expect(
      problemsOf({}, (chart) => new Deployment(chart, 'd', { containers: [{ image: 'a:v1' }] })),
    ).toEqual([expect.stringMatching(/workload: .*must have a namespace/)]);
  });

  it('all of it at once', () => {
    expect(
      problemsOf({ tenant: 'nobody', container: 'web', environment: { ...environment, network: {} } }),
    ).toHaveLength(3);
  });
});

/** `npm run typecheck` fails where a wrong name would compile. */
export function typed(chart: Chart, untyped: EnvironmentInput): void {
  const workload = deployment(chart);
  new GatewayConsumer(chart, 'a', { ...base, workload, tenant: 'ads', models: { M: 'large' } });
  // @ts-expect-error: there is no such tenant.
  new GatewayConsumer(chart, 'b', { ...base, workload, tenant: 'nobody' });
  // @ts-expect-error: the tenant may use `small` alone.
  new GatewayConsumer(chart, 'c', { ...base, workload, tenant: 'search', models: { M: 'large' } });
  // @ts-expect-error: there is no such model.
  new GatewayConsumer(chart, 'd', { ...base, workload, tenant: 'ads', models: { M: 'huge' } });
  // An environment that keeps no names is judged at synth.
  new GatewayConsumer(chart, 'e', {
    ...base,
    workload,
    environment: untyped,
    tenant: 'any',
    models: { M: 'any' },
  });
}
