import { answer } from './exchange';

// One process without a master: its CPU time is then the whole cost.
const server = (directory: string, name: string, body: string): string => `
daemon off;
master_process off;
pid ${directory}/${name}.pid;
error_log stderr crit;
events { worker_connections 1024; }
http {
  access_log off;
  default_type application/json;
  keepalive_requests 1000000000;
  client_body_temp_path ${directory}/${name}-body;
  proxy_temp_path ${directory}/${name}-proxy;
  fastcgi_temp_path ${directory}/${name}-fastcgi;
  uwsgi_temp_path ${directory}/${name}-uwsgi;
  scgi_temp_path ${directory}/${name}-scgi;
${body}
}
`;

/** The provider: answers every request with the same bytes. */
export const stubConf = (directory: string, port: number): string =>
  server(directory, 'stub', `  server { listen 127.0.0.1:${port}; location / { return 200 '${answer}'; } }`);

/** The yardstick: the leanest proxy that still keeps its connections to the provider. */
export const proxyConf = (directory: string, port: number, stubPort: number): string =>
  server(
    directory,
    'proxy',
    `  upstream stub { server 127.0.0.1:${stubPort}; keepalive 128; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${port};
    location / { proxy_pass http://stub; proxy_http_version 1.1; proxy_set_header Connection ''; }
  }`,
  );
