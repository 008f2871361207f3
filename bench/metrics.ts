/**
 * How long a scrape of `/metrics` keeps the event loop from other work. See README.md.
 *
 * Usage: npm run bench:metrics -- [--rounds 20]
 */
import { runtimeConfigSchema, type RuntimeConfig } from '../gateway-app/contract/runtime-config';
import { modelTargetsOf } from '../gateway-app/src/core/targets';
import { Rejections } from '../gateway-app/src/limit/rejections';
import { meter } from '../gateway-app/src/meter/meter';
import { tokenMeter } from '../gateway-app/src/meter/token-meter';
import { Registry } from '../gateway-app/src/telemetry/registry';
import { machine } from './gateway/machine';
import { median } from './median';
import { wholeNumbers } from './options';
import { table } from './table';

interface Size {
  readonly name: string;
  readonly providers: number;
  readonly models: number;
  readonly tenants: number;
}

const sizes: readonly Size[] = [
  { name: 'the reference', providers: 2, models: 3, tenants: 3 },
  { name: 'about 4,500 series', providers: 6, models: 46, tenants: 100 },
  { name: "the schema's most", providers: 64, models: 512, tenants: 1_024 },
];

const numbered = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));

function configOf({ providers, models, tenants }: Size): RuntimeConfig {
  const price = { inputUsdPerMillionTokens: 1, outputUsdPerMillionTokens: 2 };
  return runtimeConfigSchema.parse({
    version: 1,
    providers: numbered(providers, (n) => ({ name: `provider-${n}`, kind: 'echo' })),
    models: numbered(models, (n) => ({
      name: `model-${n}`,
      targets: [{ provider: `provider-${n % providers}`, model: `model-${n}`, price }],
    })),
    tenants: numbered(tenants, (n) => ({
      name: `tenant-${n}`,
      keys: [{ sha256: n.toString(16).padStart(64, '0') }],
    })),
  });
}

/** All series that the gateway makes for a configuration. */
function registryOf(config: RuntimeConfig): Registry {
  const registry = new Registry();
  const targets = modelTargetsOf(config);
  meter(registry, config, targets);
  tokenMeter(registry, config, targets);
  new Rejections(registry);
  return registry;
}

/** CPU time of the parts of one scrape, in ms: between two of them other work goes on. */
function scrape(registry: Registry): { readonly partsMs: number[]; readonly text: string } {
  const partsMs: number[] = [];
  let text = '';
  let since = process.cpuUsage();
  for (const part of registry.render()) {
    // The bytes are made here too, as when they are sent.
    text += Buffer.from(part).toString('latin1');
    const { user, system } = process.cpuUsage(since);
    partsMs.push((user + system) / 1000);
    since = process.cpuUsage();
  }
  return { partsMs, text };
}

function row(size: Size, rounds: number): string[] {
  const registry = registryOf(configOf(size));
  const { text } = scrape(registry);
  const scrapes = numbered(rounds, () => scrape(registry).partsMs);
  const longest = scrapes.map((partsMs) => Math.max(...partsMs));
  const total = scrapes.map((partsMs) => partsMs.reduce((sum, ms) => sum + ms, 0));
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return [
    size.name,
    String(lines.length),
    (text.length / 1e6).toFixed(2),
    String(scrapes[0]?.length ?? 0),
    median(total).toFixed(1),
    median(longest).toFixed(2),
    Math.max(...longest).toFixed(2),
  ];
}

function main(): void {
  const { rounds } = wholeNumbers({ rounds: { default: 20, most: 1_000 } });
  console.log(`${machine(undefined).split('\n', 1)[0] ?? ''}; ${rounds} scrapes of each\n`);
  const head = ['configuration', 'series', 'MB', 'parts', 'all ms', 'longest part ms', 'worst of all ms'];
  console.log(table([head, ...sizes.map((size) => row(size, rounds))]));
}

main();
