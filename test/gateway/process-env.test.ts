import { readProcessEnvironment } from '../../gateway-app/src/config/process-env';

describe('The environment of the process', () => {
  it('is by default development, on loopback, without a configuration file', () => {
    expect(readProcessEnvironment({ HOST: '' })).toEqual({
      mode: 'development',
      logLevel: 'info',
      secretsDirectory: '/etc/gateway/secrets',
      host: '127.0.0.1',
      publicPort: 8080,
      adminPort: 9090,
    });
  });

  it('is in production on every interface, with the mounted file', () => {
    expect(readProcessEnvironment({ GATEWAY_MODE: 'production' })).toMatchObject({
      host: '0.0.0.0',
      configFile: '/etc/gateway/config/gateway.yaml',
    });
  });

  it.each(['localhost', '::1', '127.0.0.2'])('may name %s as its host in development', (HOST) => {
    expect(readProcessEnvironment({ HOST }).host).toBe(HOST);
  });

  it.each([
    [{ PORT: '80.5' }, 'PORT: found "80.5". Rule: must be a port'],
    [{ PORT: '70000' }, 'PORT: found "70000". Rule: must be a port'],
    [{ ADMIN_PORT: '-1' }, 'ADMIN_PORT: found "-1". Rule: must be a port'],
    [{ PORT: '8081', ADMIN_PORT: '8081' }, 'ADMIN_PORT: found 8081. Rule: must differ from PORT'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: found "loud". Rule: must be one of trace, debug, info'],
    [{ GATEWAY_MODE: 'prod' }, 'GATEWAY_MODE: found "prod". Rule: must be one of production, development'],
    [{ HOST: '0.0.0.0' }, 'HOST: found "0.0.0.0". Rule: must be a loopback address in development mode'],
    [{ HOST: '127.evil.example' }, 'HOST: found "127.evil.example". Rule: must be a loopback address'],
  ])('%j is refused with value, rule and fix', (variables, message) => {
    expect(() => readProcessEnvironment(variables)).toThrow(message);
    expect(() => readProcessEnvironment(variables)).toThrow('Fix: ');
  });

  it('reports all that is wrong at once', () => {
    expect(() => readProcessEnvironment({ PORT: 'x', LOG_LEVEL: 'y' })).toThrow('(2 problems)');
  });
});
