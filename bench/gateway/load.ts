import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { apiKey, path, request } from './exchange';
import { pinned, processUse } from './machine';

export const connections = 64;

export interface Measurement {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the process under test; undefined where the system doesn't tell, or where there is none. */
  readonly cpuUsPerRequest: number | undefined;
  readonly residentBytes: number | undefined;
}

export interface Target {
  readonly name: string;
  readonly port: number;
  /** The process whose CPU time counts; undefined for the provider itself. */
  readonly pid: number | undefined;
  /** It is asked with these too. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its answer says the same as the provider's, in other bytes. */
  readonly answersAnew?: boolean;
}

interface WrkResult {
  readonly requests: number;
  readonly durationUs: number;
  readonly errors: number;
  readonly p50Us: number;
  readonly p99Us: number;
}

const marker = 'RESULT ';
const script = (headers: Readonly<Record<string, string>>): string => `
wrk.method = 'POST'
wrk.body = '${request}'
wrk.headers['content-type'] = 'application/json'
wrk.headers['authorization'] = 'Bearer ${apiKey}'
${Object.entries(headers)
  .map(([name, value]) => `wrk.headers['${name}'] = '${value}'`)
  .join('\n')}
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('${marker}{"requests":%d,"durationUs":%d,"errors":%d,"p50Us":%f,"p99Us":%f}\\n',
    summary.requests, summary.duration, e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99)))
end
`;

/** A wrk that asks the same over and over, from one core. */
export class Load {
  constructor(
    private readonly directory: string,
    private readonly wrk: string,
    private readonly core: number | undefined,
  ) {}

  /** @throws Error where any request failed: a refusal is cheap and would flatter the target. */
  async measure(target: Target, seconds: number): Promise<Measurement> {
    const before = target.pid === undefined ? undefined : processUse(target.pid);
    const result = await this.run(target, seconds);
    const after = target.pid === undefined ? undefined : processUse(target.pid);
    if (result.errors > 0 || result.requests === 0) {
      throw new Error(
        `${target.name}: ${result.errors} of ${result.requests} requests failed; nothing was measured.`,
      );
    }
    return {
      requestsPerSecond: result.requests / (result.durationUs / 1e6),
      p50Ms: result.p50Us / 1000,
      p99Ms: result.p99Us / 1000,
      cpuUsPerRequest: before && after && (after.cpuUs - before.cpuUs) / result.requests,
      residentBytes: after?.residentBytes,
    };
  }

  private async run({ port, headers = {} }: Target, seconds: number): Promise<WrkResult> {
    const scriptFile = join(this.directory, `load-${port}.lua`);
    writeFileSync(scriptFile, script(headers));
    const url = `http://127.0.0.1:${port}${path}`;
    const [file, ...args] = pinned(this.core, [
      this.wrk,
      ...['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`],
      ...['--script', scriptFile, url],
    ]);
    const { stdout } = await promisify(execFile)(file, args);
    const line = stdout.split('\n').find((text) => text.startsWith(marker));
    if (line === undefined) throw new Error(`wrk reported no result:\n${stdout}`);
    return JSON.parse(line.slice(marker.length)) as WrkResult;
  }
}
