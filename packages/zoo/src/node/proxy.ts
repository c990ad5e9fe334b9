import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { OptionError } from '@hybridcam/core';
import type { Environment } from './cache-folders.ts';

/**
 * The proxy for a URL by the usual variables: `HTTPS_PROXY` (or `https_proxy`, `ALL_PROXY`) unless `NO_PROXY` lists the host. Node's own
 * fetch reads them only from Node 24 on and only when told to, which is why the tunnel is made here.
 * @throws OptionError for a proxy that is not an http or https URL
 */
export function proxyFor(target: URL, env: Environment): URL | undefined {
  if (target.protocol !== 'https:') return undefined;
  const read = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const value = read('HTTPS_PROXY') ?? read('ALL_PROXY');
  if (value === undefined || isExempt(target, read('NO_PROXY') ?? '')) return undefined;
  const text = value.includes('://') ? value : `http://${value}`;
  const proxy = URL.canParse(text) ? new URL(text) : undefined;
  if (proxy?.protocol !== 'http:' && proxy?.protocol !== 'https:') {
    throw new OptionError('fetch: expected HTTPS_PROXY to be an http:// or https:// URL; it is not.');
  }
  return proxy;
}

/** `example.com` and `.example.com` cover the host and its subdomains; a port may follow; `*` covers all. */
function isExempt(target: URL, list: string): boolean {
  const host = target.hostname.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      const [, name, port] = /^\*?\.?(.*?)(?::(\d+))?$/.exec(entry)!;
      if (entry === '*') return true;
      if (port !== undefined && port !== (target.port || '443')) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

/** A TLS connection to the target through the proxy (CONNECT): the proxy sees host and port, nothing else. */
export async function tunnel(proxy: URL, target: URL, signal: AbortSignal): Promise<TLSSocket> {
  const authority = `${target.hostname}:${target.port || 443}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const request = (proxy.protocol === 'https:' ? httpsRequest : httpRequest)({
    host: proxy.hostname.replace(/^\[|\]$/g, ''),
    port: proxy.port || (proxy.protocol === 'https:' ? 443 : 80),
    method: 'CONNECT',
    path: authority,
    headers: {
      host: authority,
      ...(proxy.username ? { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` } : {}),
    },
    agent: false,
    signal,
  });
  const socket = await new Promise<Socket>((resolve, reject) => {
    request.once('connect', (response, connection: Socket) => {
      if (response.statusCode === 200) return resolve(connection);
      connection.destroy();
      reject(new Error(`the proxy ${proxy.host} answered CONNECT with status ${response.statusCode}`));
    });
    request.once('response', (response) => {
      response.destroy();
      reject(new Error(`the proxy ${proxy.host} answered CONNECT with status ${response.statusCode}`));
    });
    request.once('error', reject);
    request.end();
  });
  return connect({ socket, servername: target.hostname });
}
