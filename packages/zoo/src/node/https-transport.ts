import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP } from 'node:net';
import { RefusedByServer } from '../download/receive.ts';
import type { Reply, Transport } from '../download/transport.ts';
import type { Environment } from './cache-folders.ts';
import { proxyFor, tunnel } from './proxy.ts';
import { isLoopbackHost, isPublicAddress, publicLookup } from './public-address.ts';

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/**
 * Downloads over https alone; plain http only from this very machine. Redirects are followed by hand: to https and public addresses, or
 * within the same origin. No cookie, credential or referrer is ever sent.
 */
export function httpsTransport(env: Environment): Transport {
  return async (url, { from, signal }) => {
    const first = new URL(url);
    assertAllowed(first);
    let target = first;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      const response = await open(target, from, signal, env, target.origin !== first.origin);
      if (!REDIRECTS.has(response.statusCode ?? 0)) return reply(response);
      response.destroy();
      target = redirected(target, first, response.headers.location);
    }
    throw new RefusedByServer(`the server redirected more than ${MAX_REDIRECTS} times`);
  };
}

function assertAllowed(url: URL): void {
  const local = url.protocol === 'http:' && isLoopbackHost(url.hostname);
  if (url.protocol !== 'https:' && !local) {
    throw new RefusedByServer(`the address is not https: (${url.protocol}//${url.host})`);
  }
}

function redirected(from: URL, first: URL, location: string | undefined): URL {
  const refuse = (reason: string): never => {
    throw new RefusedByServer(`${from.host} redirected ${reason}`);
  };
  if (location === undefined || !URL.canParse(location, from.href)) return refuse('without a location');
  const to = new URL(location, from.href);
  if (to.origin === first.origin && !to.username && !to.password) return to;
  if (to.protocol !== 'https:') refuse(`to ${to.protocol}//${to.host}, which is not https`);
  if (to.username || to.password) refuse('to an address with a login');
  const host = to.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) !== 0 && !isPublicAddress(host)) refuse(`to ${host}, which is not a public address`);
  if (isLoopbackHost(to.hostname)) refuse(`to ${host}, which is this machine`);
  return to;
}

async function open(
  target: URL,
  from: number,
  signal: AbortSignal,
  env: Environment,
  publicOnly: boolean,
): Promise<IncomingMessage> {
  const proxy = proxyFor(target, env);
  const socket = proxy === undefined ? undefined : await tunnel(proxy, target, signal);
  const request = (target.protocol === 'https:' ? httpsRequest : httpRequest)(target, {
    headers: {
      accept: '*/*',
      // Lengths and ranges are of the file itself.
      'accept-encoding': 'identity',
      'user-agent': 'hybridcam',
      ...(from > 0 ? { range: `bytes=${from}-` } : {}),
    },
    agent: false,
    signal,
    ...(publicOnly ? { lookup: publicLookup } : {}),
    ...(socket === undefined ? {} : { createConnection: () => socket }),
  });
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', reject);
    request.end();
  });
}

function reply(response: IncomingMessage): Reply {
  return {
    status: response.statusCode ?? 0,
    header(name) {
      const value = response.headers[name];
      return Array.isArray(value) ? value.join(', ') : value;
    },
    body: response,
  };
}
