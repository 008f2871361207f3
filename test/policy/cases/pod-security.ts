import { broken, brokenAt, kept, type Cases } from '../case';

const nfs = { server: 'files', path: '/' };

export const podSecurity: Cases = {
  'pod-security-admitted': {
    violating: [
      brokenAt('a volume from a file server', { volumes: [{ name: 'a', nfs }] }, { 'volumes[0].nfs': nfs }),
      brokenAt(
        'an unsafe sysctl',
        { 'securityContext.sysctls': [{ name: 'kernel.msgmax', value: '1' }] },
        { 'securityContext.sysctls[0].name': 'kernel.msgmax' },
      ),
      brokenAt(
        'a user of SELinux',
        { 'securityContext.seLinuxOptions': { user: 'root_u' } },
        { 'securityContext.seLinuxOptions.user': 'root_u' },
      ),
      brokenAt(
        'a type of SELinux that is not of containers',
        { 'containers[0].securityContext.seLinuxOptions': { type: 'spc_t' } },
        { 'containers[0].securityContext.seLinuxOptions.type': 'spc_t' },
      ),
      brokenAt(
        'no AppArmor',
        { 'containers[0].securityContext.appArmorProfile': { type: 'Unconfined' } },
        { 'containers[0].securityContext.appArmorProfile.type': 'Unconfined' },
      ),
      broken('a probe of another host', { 'containers[0].livenessProbe.httpGet.host': '10.0.0.1' }),
    ],
    passing: [
      kept('every kind of volume that is admitted', {
        volumes: [
          { name: 'a', configMap: { name: 'a' } },
          { name: 'b', secret: { secretName: 'b' } },
          { name: 'c', projected: { sources: [] } },
          { name: 'd', persistentVolumeClaim: { claimName: 'd' } },
        ],
      }),
      kept('a safe sysctl', {
        'securityContext.sysctls': [{ name: 'net.ipv4.tcp_syncookies', value: '1' }],
        'securityContext.seLinuxOptions': { type: 'container_t' },
      }),
    ],
  },
  'default-proc-mount': {
    violating: [broken('unmasked', { 'containers[0].securityContext.procMount': 'Unmasked' })],
    passing: [kept('said to be the default', { 'containers[0].securityContext.procMount': 'Default' })],
  },
};
