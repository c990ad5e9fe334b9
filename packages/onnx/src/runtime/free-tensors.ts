import type { OrtTensor } from '../ort.ts';

interface Port {
  postMessage(message: null, transfer: readonly ArrayBufferLike[]): void;
  close(): void;
}

let nowhere: Port | undefined;

/**
 * Gives back the memory of tensors that nobody else knows, at once. Left to the garbage collector, the megabytes that a backward pass
 * reads make it run in every other explanation, for milliseconds. Buffers that are transferred to where nobody listens are freed;
 * engines of Node 20 have no other way.
 */
export function freeTensors(tensors: readonly OrtTensor[]): void {
  const buffers = tensors.flatMap((tensor) => {
    const data: unknown = tensor.location === 'cpu' ? tensor.data : undefined;
    // A part of a larger buffer, such as the memory of a WebAssembly module, is not the tensor's own.
    const isOwn =
      ArrayBuffer.isView(data) && data.byteLength > 0 && data.byteLength === data.buffer.byteLength;
    return isOwn && data.buffer instanceof ArrayBuffer ? [data.buffer] : [];
  });
  for (const tensor of tensors) tensor.dispose();
  if (buffers.length > 0) port().postMessage(null, [...new Set(buffers)]);
}

function port(): Port {
  if (nowhere === undefined) {
    const { MessageChannel } = globalThis as unknown as {
      MessageChannel: new () => { readonly port1: Port; readonly port2: Port };
    };
    const { port1, port2 } = new MessageChannel();
    port2.close();
    nowhere = port1;
  }
  return nowhere;
}
