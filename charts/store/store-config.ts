import type { Size } from 'cdk8s';

export const storePort = 6379;

/** Folders of the store's container. */
export const folders = {
  config: '/etc/store',
  secrets: '/etc/store-secrets',
  data: '/data',
  /** In memory: it holds the hash of the password. */
  run: '/run/store',
} as const;

export const configFileName = 'store.conf';

/** The rest is for the copies that the program makes while it writes its log anew. */
const shareOfCounters = 0.75;

/** The program's configuration, but for the password. */
export function storeConfig(memory: Size): string {
  return `${[
    `port ${storePort}`,
    'bind * -::*',
    `dir ${folders.data}`,
    // Counters outlive a crash of the process. Snapshots would only double the writes.
    'appendonly yes',
    'appendfsync everysec',
    'save ""',
    `maxmemory ${Math.floor(memory.toKibibytes() * 1024 * shareOfCounters)}`,
    // A counter that is evicted admits what it had counted; a full store makes the gateway keep its local share instead.
    'maxmemory-policy noeviction',
  ].join('\n')}\n`;
}

/**
 * Starts the program with the password of a file. It is read by the shell and handed on as a hash in a file: an argument or
 * variable would show it to whoever lists the processes or describes the pod.
 */
export function startScript(passwordFile: string): string {
  const file = `${folders.run}/${configFileName}`;
  return [
    'set -eu',
    'umask 077',
    // Apart from the pipe below: there, a file that cannot be read would count as an empty password.
    `password=$(tr -d '[:space:]' < ${folders.secrets}/${passwordFile})`,
    '[ -n "$password" ]',
    `hash=$(printf '%s' "$password" | sha256sum | cut -d ' ' -f 1)`,
    `cp ${folders.config}/${configFileName} ${file}`,
    // What counts needs no command by which a store is emptied, watched or reconfigured.
    `printf 'user default on #%s ~* &* +@all -@admin -@dangerous\\n' "$hash" >> ${file}`,
    `exec redis-server ${file}`,
  ].join('\n');
}

/** Asks without the password: who is told to authenticate has been answered. Not so while the log is still loaded. */
export const readinessScript = `redis-cli -p ${storePort} ping | grep -q -e PONG -e NOAUTH`;
