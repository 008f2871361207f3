import { Chain } from '../../gateway-app/src/audit/chain';
import { Verifier, type Report, type VerifierOptions } from '../../gateway-app/src/audit/verifier';

const time = '"time":"2026-01-01T00:00:00.000Z"';

/** A whole chain: its start, `requests` records and its end, as lines without line ends. */
export function auditChain(id: string, requests: number, model = 'gpt-é'): string[] {
  const chain = new Chain(id);
  const lines = [chain.seal(`${time},"event":"start","instance":"${id}"`)];
  for (let number = 0; number < requests; number += 1) {
    lines.push(chain.seal(`${time},"event":"request","requestId":"r-${number}","model":"${model}"`));
  }
  lines.push(chain.seal(`${time},"event":"end"`));
  return lines.map((line) => line.trimEnd());
}

/** What the verifier says of a file with these bytes. */
export function verifyBytes(bytes: Buffer, options: Partial<VerifierOptions> = {}): Report {
  const verifier = new Verifier({ mixed: false, partial: false, heads: [], ...options });
  let start = 0;
  for (let line = 1; start < bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end < 0 ? bytes.length : end;
    verifier.read(bytes.subarray(start, stop), { file: 'audit.log', line });
    start = stop + 1;
  }
  return verifier.finish();
}

export function verifyLines(lines: readonly string[], options: Partial<VerifierOptions> = {}): Report {
  return verifyBytes(Buffer.from(lines.map((line) => `${line}\n`).join('')), options);
}

/** `<line>: <fault>` of each finding. */
export function faults(report: Report): string[] {
  return report.findings.map(({ place, fault }) => `${place.line}: ${fault}`);
}
