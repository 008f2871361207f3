import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { adminPaths } from '../../gateway-app/contract/admin';
import { administered, adminToken, providerKey } from '../support/administered';
import { faults, verifyBytes } from '../support/audit-lines';
import { startFakeProvider } from '../support/fake-provider';
import { GatewayProcess } from '../support/gateway-process';

// Each starts processes that compile TypeScript, which takes long on a busy machine.
jest.setTimeout(120_000);

it('A gateway process that an operator drains exits 0, and its standard output holds one whole chain to the end', async () => {
  const provider = await startFakeProvider();
  const folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  file('admin-token', adminToken);
  file('provider-key', providerKey);
  const gateway = GatewayProcess.start(
    'test/support/gateway-entry.ts',
    {
      GATEWAY_CONFIG_FILE: file('gateway.yaml', stringify(administered(provider.baseUrl))),
      GATEWAY_SECRETS_DIR: folder,
      PORT: '0',
      ADMIN_PORT: '0',
    },
    JSON.stringify({ shutdown: { endpointPropagationMs: 1, drainLimitMs: 1_000 } }),
  );
  try {
    const { adminUrl } = await gateway.listening();
    const answer = await fetch(`${adminUrl}${adminPaths.drain}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}` },
    });
    expect(answer.status).toBe(202);
    expect(await gateway.exited()).toBe(0);
    expect(gateway.output).toContain('"cause":"admin","msg":"draining"');
    const report = verifyBytes(Buffer.from(gateway.output), { mixed: true });
    expect(faults(report)).toEqual([]);
    expect(report.chains).toMatchObject([{ lastSequence: 2, ended: true }]);
    expect(gateway.output).toContain('"action":"drain","decision":"admitted","status":202');
  } finally {
    await gateway.kill();
    await provider.close();
    rmSync(folder, { recursive: true });
  }
});
