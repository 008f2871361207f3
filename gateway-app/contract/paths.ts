import type { Dialect } from './error-codes';

/** HTTP paths of both listeners. */
export const httpPaths = {
  chatCompletions: '/v1/chat/completions',
  responses: '/v1/responses',
  embeddings: '/v1/embeddings',
  completions: '/v1/completions',
  messages: '/v1/messages',
  models: '/v1/models',
  live: '/health/live',
  ready: '/health/ready',
  metrics: '/metrics',
} as const;

/** Places in the container's file system. The root file system is read-only; only these are mounted. */
export const filePaths = {
  configDirectory: '/etc/gateway/config',
  configFile: '/etc/gateway/config/gateway.yaml',
  secretsDirectory: '/etc/gateway/secrets',
  temporaryDirectory: '/tmp',
} as const;

/** Key of the configuration in the ConfigMap: the last part of {@link filePaths.configFile}. */
export const configFileName = 'gateway.yaml';

/** Everything below it is for clients: an entry leads there, and to {@link httpPaths.ready}, and nowhere else. */
export const apiPrefix = '/v1/';

/** What a client may ask of a model. */
export type Operation = 'chat_completions' | 'responses' | 'embeddings' | 'completions' | 'messages';

export interface ApiRoute {
  /** Value of the `route` label; the raw path never becomes a label. */
  readonly id: Operation | 'models';
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly dialect: Dialect;
}

export type RouteId = ApiRoute['id'] | 'other';

/** The API of the public listener. Any other path answers 404 and counts as route `other`. */
export const apiRoutes: readonly ApiRoute[] = [
  { id: 'chat_completions', method: 'POST', path: httpPaths.chatCompletions, dialect: 'openai' },
  { id: 'responses', method: 'POST', path: httpPaths.responses, dialect: 'openai' },
  { id: 'embeddings', method: 'POST', path: httpPaths.embeddings, dialect: 'openai' },
  { id: 'completions', method: 'POST', path: httpPaths.completions, dialect: 'openai' },
  { id: 'messages', method: 'POST', path: httpPaths.messages, dialect: 'anthropic' },
  { id: 'models', method: 'GET', path: httpPaths.models, dialect: 'openai' },
];

export const routeIds: readonly RouteId[] = [...apiRoutes.map((route) => route.id), 'other'];

/** A path below this prefix is answered in the Anthropic dialect, also where it is only a 404. */
export const anthropicPathPrefix = '/v1/messages';
